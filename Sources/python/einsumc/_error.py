class EinsumError(ValueError):
    """An equation that is wrong, or does not fit its operands; with a caret under the place.

    code is the error's stable name, such as 'extent-mismatch'.
    """

    def __init__(self, text, code=""):
        super().__init__(text)
        self.code = code
