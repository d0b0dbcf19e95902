"""Builds the extension module against libeinsum, which tools/build-wheel puts beside the package."""

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "einsumc._core",
            sources=[
                f"src/{name}.c"
                for name in [
                    "cache", "dlpack", "kernel", "kernel_object", "memory", "module", "numpy", "operand", "signature", "torch",
                ]
            ],
            depends=["src/core.h", "src/dlpack.h", "src/einsum_doc.h", "src/python_abi.h"],
            include_dirs=["include"],
            library_dirs=["lib"],
            libraries=["einsum"],
            define_macros=[("Py_LIMITED_API", "0x03090000")],
            extra_compile_args=["-std=c11", "-O2", "-Wall", "-Wextra", "-fvisibility=hidden"],
            extra_link_args=["-Wl,-rpath,$ORIGIN"],
            py_limited_api=True,
        )
    ]
)
