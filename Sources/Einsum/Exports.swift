// Users write `import Einsum` and have all public names: layouts and element types, errors, and complex numbers.
@_exported public import ComplexModule
@_exported public import EinsumIR
@_exported public import EinsumSyntax
