"""Measures einsumc against other libraries that compute einsums; started by tools/bench.

The process that reads the arguments (`__main__`) uses nothing but the standard library. It starts one worker
process per library and thread count in a virtual environment of its own (`environment`), hands each case to
einsumc and to every worker in turn (`measure`), and writes what came out (`report`, `tables`, `plots`).
`worker`, `peers`, `tensor_peers`, `reference` and `clock` run in the workers.
"""
