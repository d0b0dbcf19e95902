"""Measures einsumc against other libraries that compute einsums; started by tools/bench.

The process that reads the arguments (`__main__`) uses nothing but the standard library. It starts one worker
process per library and thread count in a virtual environment of its own (`environment`), hands each case to
einsumc (`einsumc`) and to every worker (`processes`) in turn (`measure`), and writes what came out (`tables`,
`plots`, which `svg` draws, and `summary`) beside what the machine can do at most (`limits`). `worker`, `peers`,
`tensor_peers`, `emitted` beside einsumc's own `library`, `reference` and `clock` run in the workers; `case` is
what both sides speak of.
"""
