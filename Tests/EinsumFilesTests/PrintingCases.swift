import EinsumIR

// Recorded from numpy 2.4: the text of `print(numpy.array(values, type).reshape(shape, order=...))`.
// bfloat16 values were rounded with ml_dtypes and printed as float32.

/// A tensor and the text that numpy prints for it.
struct PrintingCase: Sendable {
  let elementType: ElementType
  let shape: [Int]
  let isColumnMajor: Bool

  /// In memory order, complex ones as two numbers with a blank between.
  let values: [String]
  let text: String

  init(
    _ elementType: ElementType, _ shape: [Int], _ values: [String], columnMajor: Bool = false,
    _ text: String
  ) {
    self.elementType = elementType
    self.shape = shape
    self.values = values
    self.text = text
    isColumnMajor = columnMajor
  }
}

/// 0, 1, 2, ..., each divided by the same number.
private func counting(_ count: Int, dividedBy divisor: Double = 1) -> [String] {
  (0..<count).map { divisor == 1 ? String($0) : String(Double($0) / divisor) }
}

/// Arrays.
let printingCases: [PrintingCase] = [
  PrintingCase(.float64, [3], ["1", "2", "3"], "[1. 2. 3.]"),
  PrintingCase(.float64, [3], ["0.1", "0.25", "-1.5"], "[ 0.1   0.25 -1.5 ]"),
  PrintingCase(
    .float64, [3],
    ["0.3333333333333333", "0.6666666666666666", "100"],
    "[  0.33333333   0.66666667 100.        ]"),
  PrintingCase(.float64, [4], ["nan", "inf", "-inf", "1.5"], "[ nan  inf -inf  1.5]"),
  PrintingCase(.float64, [2], ["nan", "inf"], "[nan inf]"),
  PrintingCase(.float64, [3], ["nan", "-inf", "nan"], "[ nan -inf  nan]"),
  PrintingCase(.float64, [2], ["100000000.0", "1"], "[1.e+08 1.e+00]"),
  PrintingCase(.float64, [2], ["99999999.5", "100000.0"], "[99999999.5   100000. ]"),
  PrintingCase(.float64, [2], ["0.0001", "0.05"], "[0.0001 0.05  ]"),
  PrintingCase(.float64, [2], ["9.9e-05", "0.05"], "[9.9e-05 5.0e-02]"),
  PrintingCase(.float64, [2], ["1000", "1"], "[1000.    1.]"),
  PrintingCase(.float64, [2], ["1001", "1"], "[1.001e+03 1.000e+00]"),
  PrintingCase(.float64, [3], ["1e+300", "-1e-300", "0"], "[ 1.e+300 -1.e-300  0.e+000]"),
  PrintingCase(.float64, [2], ["1e-308", "5e-324"], "[1.e-308 5.e-324]"),
  PrintingCase(.float64, [1], ["1.7976931348623157e+308"], "[1.79769313e+308]"),
  PrintingCase(.float64, [3], ["0.0", "-0.0", "0.0"], "[ 0. -0.  0.]"),
  PrintingCase(.float64, [2], ["0.999999999", "2.123456785"], "[1.         2.12345679]"),
  PrintingCase(.float64, [2], ["99999999990.0", "nan"], "[1.e+11    nan]"),
  PrintingCase(.float64, [2], ["1.00000000001", "-inf"], "[  1. -inf]"),
  PrintingCase(
    .float64, [2, 2], ["1.5", "2", "3", "4.25"],
    """
    [[1.5  2.  ]
     [3.   4.25]]
    """),
  PrintingCase(
    .float64, [2, 2], ["1.5", "2", "3", "4.25"], columnMajor: true,
    """
    [[1.5  3.  ]
     [2.   4.25]]
    """),
  PrintingCase(
    .float64, [2, 1, 2], ["1", "2", "3", "4"],
    """
    [[[1. 2.]]

     [[3. 4.]]]
    """),
  PrintingCase(.float64, [1, 1, 1], ["7"], "[[[7.]]]"),
  PrintingCase(
    .float64, [2, 2, 2], ["0", "1", "2", "3", "4", "5", "6", "7"], columnMajor: true,
    """
    [[[0. 4.]
      [2. 6.]]

     [[1. 5.]
      [3. 7.]]]
    """),
  PrintingCase(
    .float64, [2, 1, 1, 2], ["1", "2", "3", "4"],
    """
    [[[[1. 2.]]]


     [[[3. 4.]]]]
    """),
  PrintingCase(
    .float64, [12], counting(12, dividedBy: 7),
    """
    [0.         0.14285714 0.28571429 0.42857143 0.57142857 0.71428571
     0.85714286 1.         1.14285714 1.28571429 1.42857143 1.57142857]
    """),
  PrintingCase(.float64, [0], [], "[]"),
  PrintingCase(.float64, [2, 0, 3], [], "[]"),
  PrintingCase(.float32, [3], ["0.1", "0.2", "0.3"], "[0.1 0.2 0.3]"),
  PrintingCase(.float32, [2], ["1000000.0", "1"], "[1.e+06 1.e+00]"),
  PrintingCase(.float32, [2], ["999999", "10000.0"], "[999999.  10000.]"),
  PrintingCase(.float32, [3], ["1e-10", "1", "3e+38"], "[1.e-10 1.e+00 3.e+38]"),
  PrintingCase(.float32, [2], ["0.0001", "0.001"], "[0.0001 0.001 ]"),
  PrintingCase(.float32, [2], ["16777216", "1"], "[1.6777216e+07 1.0000000e+00]"),
  PrintingCase(.float32, [2], ["0.3333333333333333", "nan"], "[0.33333334        nan]"),
  PrintingCase(.float16, [3], ["0.1", "0.3333333333333333", "65504"], "[9.998e-02 3.333e-01 6.550e+04]"),
  PrintingCase(.float16, [2], ["999", "1"], "[999.   1.]"),
  PrintingCase(.float16, [2], ["1000", "1"], "[1.e+03 1.e+00]"),
  PrintingCase(.float16, [2], ["6e-08", "nan"], "[6.e-08    nan]"),
  PrintingCase(
    .bfloat16, [3],
    ["0.1", "0.3333333333333333", "100000.0"],
    "[1.00097656e-01 3.33984375e-01 9.98400000e+04]"),
  PrintingCase(
    .bfloat16, [2, 2], ["1", "-2.5", "3", "nan"],
    """
    [[ 1.  -2.5]
     [ 3.   nan]]
    """),
  PrintingCase(.int8, [3], ["-128", "0", "127"], "[-128    0  127]"),
  PrintingCase(.uint8, [3], ["1", "20", "255"], "[  1  20 255]"),
  PrintingCase(
    .int16, [2, 2], ["-1", "200", "3", "-32768"],
    """
    [[    -1    200]
     [     3 -32768]]
    """),
  PrintingCase(.uint16, [2], ["7", "65535"], "[    7 65535]"),
  PrintingCase(
    .int32, [2, 3], ["1", "2", "3", "4", "5", "6"], columnMajor: true,
    """
    [[1 3 5]
     [2 4 6]]
    """),
  PrintingCase(.uint32, [1], ["4294967295"], "[4294967295]"),
  PrintingCase(
    .int64, [2],
    ["-9223372036854775808", "9223372036854775807"],
    "[-9223372036854775808  9223372036854775807]"),
  PrintingCase(.uint64, [2], ["0", "18446744073709551615"], "[                   0 18446744073709551615]"),
  PrintingCase(.bool, [3], ["1", "0", "1"], "[ True False  True]"),
  PrintingCase(
    .bool, [2, 2], ["0", "0", "0", "1"],
    """
    [[False False]
     [False  True]]
    """),
  PrintingCase(.complex128, [2], ["1.0 2.0", "3.5 -0.25"], "[1. +2.j   3.5-0.25j]"),
  PrintingCase(.complex128, [3], ["nan 1.0", "1.0 inf", "-0.0 -0.0"], "[nan +1.j  1.+infj -0. -0.j]"),
  PrintingCase(.complex128, [2], ["10000000000.0 1.0", "1.0 -1e-10"], "[1.e+10+1.e+00j 1.e+00-1.e-10j]"),
  PrintingCase(
    .complex64, [2, 2], ["0.0 0.1", "1.0 0.5", "-3", "2.0 -2.0"],
    """
    [[ 0.+0.1j  1.+0.5j]
     [-3.+0.j   2.-2.j ]]
    """),
  PrintingCase(.complex64, [2], ["1.0 nan", "-inf 0.0"], "[  1.+nanj -inf +0.j]"),
  PrintingCase(
    .int32, [30], counting(30),
    """
    [ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
     24 25 26 27 28 29]
    """),
  PrintingCase(.int32, [1001], counting(1001), "[   0    1    2 ...  998  999 1000]"),
  PrintingCase(
    .int64, [40, 40], counting(1600),
    """
    [[   0    1    2 ...   37   38   39]
     [  40   41   42 ...   77   78   79]
     [  80   81   82 ...  117  118  119]
     ...
     [1480 1481 1482 ... 1517 1518 1519]
     [1520 1521 1522 ... 1557 1558 1559]
     [1560 1561 1562 ... 1597 1598 1599]]
    """),
  PrintingCase(.float64, [1001], counting(1001), "[   0.    1.    2. ...  998.  999. 1000.]"),
  PrintingCase(
    .int32, [2, 600], counting(1200),
    """
    [[   0    1    2 ...  597  598  599]
     [ 600  601  602 ... 1197 1198 1199]]
    """),
  PrintingCase(
    .int32, [8, 2, 70], counting(1120),
    """
    [[[   0    1    2 ...   67   68   69]
      [  70   71   72 ...  137  138  139]]

     [[ 140  141  142 ...  207  208  209]
      [ 210  211  212 ...  277  278  279]]

     [[ 280  281  282 ...  347  348  349]
      [ 350  351  352 ...  417  418  419]]

     ...

     [[ 700  701  702 ...  767  768  769]
      [ 770  771  772 ...  837  838  839]]

     [[ 840  841  842 ...  907  908  909]
      [ 910  911  912 ...  977  978  979]]

     [[ 980  981  982 ... 1047 1048 1049]
      [1050 1051 1052 ... 1117 1118 1119]]]
    """),
  PrintingCase(
    .float32, [1000, 2], counting(2000, dividedBy: 8), columnMajor: true,
    """
    [[0.00000e+00 1.25000e+02]
     [1.25000e-01 1.25125e+02]
     [2.50000e-01 1.25250e+02]
     ...
     [1.24625e+02 2.49625e+02]
     [1.24750e+02 2.49750e+02]
     [1.24875e+02 2.49875e+02]]
    """),
  PrintingCase(
    .complex64, [1500], counting(1500),
    """
    [0.000e+00+0.j 1.000e+00+0.j 2.000e+00+0.j ... 1.497e+03+0.j 1.498e+03+0.j
     1.499e+03+0.j]
    """),
  PrintingCase(
    .int16, [1, 1, 1, 1, 1, 20],
    counting(20),
    "[[[[[[ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19]]]]]]"),
]

/// Arrays of rank 0, which print like numpy's scalars.
let scalarPrintingCases: [PrintingCase] = [
  PrintingCase(.float64, [], ["0"], "0.0"),
  PrintingCase(.float64, [], ["-0.0"], "-0.0"),
  PrintingCase(.float64, [], ["1"], "1.0"),
  PrintingCase(.float64, [], ["1.5"], "1.5"),
  PrintingCase(.float64, [], ["0.3333333333333333"], "0.3333333333333333"),
  PrintingCase(.float64, [], ["0.0001"], "0.0001"),
  PrintingCase(.float64, [], ["9.99e-05"], "9.99e-05"),
  PrintingCase(.float64, [], ["123456789012"], "123456789012.0"),
  PrintingCase(.float64, [], ["9999999999999998"], "9999999999999998.0"),
  PrintingCase(.float64, [], ["1e+16"], "1e+16"),
  PrintingCase(.float64, [], ["1e+22"], "1e+22"),
  PrintingCase(.float64, [], ["5e-324"], "5e-324"),
  PrintingCase(.float64, [], ["nan"], "nan"),
  PrintingCase(.float64, [], ["inf"], "inf"),
  PrintingCase(.float64, [], ["-inf"], "-inf"),
  PrintingCase(.float32, [], ["0.3333333333333333"], "0.33333334"),
  PrintingCase(.float32, [], ["0.0001"], "1e-04"),
  PrintingCase(.float32, [], ["999999"], "999999.0"),
  PrintingCase(.float32, [], ["1000000.0"], "1e+06"),
  PrintingCase(.float32, [], ["16777216"], "1.6777216e+07"),
  PrintingCase(.float32, [], ["33554432"], "3.3554432e+07"),
  PrintingCase(.float32, [], ["8.673617379884035e-19"], "8.6736174e-19"),
  PrintingCase(.float32, [], ["nan"], "nan"),
  PrintingCase(.float32, [], ["-0.0"], "-0.0"),
  PrintingCase(.float16, [], ["0.3333333333333333"], "0.3333"),
  PrintingCase(.float16, [], ["999"], "999.0"),
  PrintingCase(.float16, [], ["1000"], "1e+03"),
  PrintingCase(.float16, [], ["65504"], "6.55e+04"),
  PrintingCase(.float16, [], ["6e-08"], "6e-08"),
  PrintingCase(.bfloat16, [], ["0.3333333333333333"], "0.33398438"),
  PrintingCase(.bfloat16, [], ["1000000.0"], "999424.0"),
  PrintingCase(.bfloat16, [], ["2"], "2.0"),
  PrintingCase(.complex128, [], ["0"], "0j"),
  PrintingCase(.complex128, [], ["1"], "(1+0j)"),
  PrintingCase(.complex128, [], ["0.0 1.0"], "1j"),
  PrintingCase(.complex128, [], ["-0.0 -1.0"], "(-0-1j)"),
  PrintingCase(.complex128, [], ["-0.0 1.0"], "(-0+1j)"),
  PrintingCase(.complex128, [], ["1.0 -0.0"], "(1-0j)"),
  PrintingCase(.complex128, [], ["0.0 nan"], "nanj"),
  PrintingCase(.complex128, [], ["nan inf"], "(nan+infj)"),
  PrintingCase(.complex128, [], ["1e+16 1e-05"], "(1e+16+1e-05j)"),
  PrintingCase(
    .complex128, [],
    ["0.3333333333333333 0.6666666666666666"],
    "(0.3333333333333333+0.6666666666666666j)"),
  PrintingCase(.complex64, [], ["0.3333333333333333 0.6666666666666666"], "(0.33333334+0.6666667j)"),
  PrintingCase(.complex64, [], ["1.0 -inf"], "(1-infj)"),
  PrintingCase(.int64, [], ["-9223372036854775808"], "-9223372036854775808"),
  PrintingCase(.uint8, [], ["255"], "255"),
  PrintingCase(.bool, [], ["1"], "True"),
  PrintingCase(.bool, [], ["0"], "False"),
]
