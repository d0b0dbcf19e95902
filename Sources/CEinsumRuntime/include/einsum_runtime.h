int es_placeholder(void);
