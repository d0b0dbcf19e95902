import EinsumFiles
import EinsumIR
import Testing

/// Headers that numpy could have written are read; all others are refused, each with its reason.
@Suite struct HeaderTests {
  @Test(arguments: [
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3)}",
    "{'shape': (2, 3), 'fortran_order': False, 'descr': '|u1'}",
    "{\"descr\":\"|u1\",\"fortran_order\":False,\"shape\":(2,3)}",
    "  { 'descr'\t:\r\n '|u1' ,'fortran_order' : False , 'shape' : ( 2 , 3 , ) , }  \n",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (2L, 3L), }",
    "{'descr': '<u1', 'fortran_order': False, 'shape': (2, 3), }",
  ])
  func spellings(dictionary: String) throws {
    let folder = try TemporaryFolder()
    for version: UInt8 in 1...3 {
      let path = try folder.write(npy(dictionary, version: version, data: [1, 2, 3, 4, 5, 6]))
      let expected = Contents(
        elementType: .uint8, layout: Layout(shape: [2, 3]), bytes: [1, 2, 3, 4, 5, 6])
      #expect(try read(path) == expected, "version \(version)")
    }
  }

  @Test(arguments: [("()", [], 1), ("(3,)", [3], 3), ("(0, 7)", [0, 7], 0), ("(1, 1, 1)", [1, 1, 1], 1)])
  func shapes(tuple: String, shape: [Int], count: Int) throws {
    let folder = try TemporaryFolder()
    let data = [UInt8](repeating: 1, count: count)
    let path = try folder.write(
      npy("{'descr': '|i1', 'fortran_order': False, 'shape': \(tuple)}", data: data))
    #expect(try read(path).layout == Layout(shape: shape))
  }

  @Test(arguments: [
    ("", "not a dictionary"), ("   ", "not a dictionary"), ("[]", "not a dictionary"),
    ("('descr',)", "not a dictionary"), ("__import__('os').system('ls')", "not a dictionary"),
    ("\0", "not a dictionary"), ("{", "a key in quotes expected at byte 1"), ("{}", "no key 'descr'"),
    ("{,}", "a key in quotes"), ("{'descr'}", "':' expected"), ("{'descr", "the end of a string expected"),
    ("{'descr': ", "the element type in quotes"), ("{descr: '<f4'}", "a key in quotes"),
    ("{'descr': '<f4'", "'}' expected"), ("{'descr': '<f4' 'shape': ()}", "'}' expected"),
    ("{'descr': '<f4',, 'shape': ()}", "a key in quotes"), ("{'de\\x73cr': '<f4'}", "a plain character"),
    ("{'descr\0': '<f4'}", "a plain character"), ("{'descr\": '<f4'}", "':' expected"),
    ("{u'descr': '<f4'}", "a key in quotes"), ("{b'descr': '<f4'}", "a key in quotes"),
    ("{'descr': '<f4', 'descr': '<f4'}", "two keys 'descr'"),
    ("{'shape': (), 'shape': ()}", "two keys 'shape'"),
    ("{'fortran_order': True, 'fortran_order': True}", "two keys 'fortran_order'"),
    ("{'fortran_order': False, 'shape': ()}", "no key 'descr'"),
    ("{'descr': '<f4', 'shape': ()}", "no key 'fortran_order'"),
    ("{'descr': '<f4', 'fortran_order': False}", "no key 'shape'"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': 1}", "unknown key 'x'"),
    ("{'Descr': '<f4'}", "unknown key 'Descr'"), ("{'fortran_order': 0}", "True or False expected"),
    ("{'fortran_order': false}", "True or False"), ("{'fortran_order': Falsehood}", "'}' expected"),
    ("{'fortran_order': 'False'}", "True or False"), ("{'fortran_order': None}", "True or False"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': ()} {}", "nothing more expected"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': ()}\0", "nothing more expected"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': ()}, # comment", "nothing more expected"),
  ])
  func brokenDictionaries(dictionary: String, text: String) throws {
    try expectRefusal(npy(dictionary, data: [0, 0, 0, 0]), text)
  }

  @Test(arguments: [
    ("3", "a tuple of integers"), ("(3)", "such as (3,)"), ("[3]", "a tuple of integers"),
    ("(", "an integer"), ("(3", "',' or ')'"), ("(3,", "an integer"), ("(,)", "an integer"),
    ("(3,,4)", "an integer"), ("(3 4)", "',' or ')'"), ("(3.0,)", "',' or ')'"), ("(3e2, 1)", "',' or ')'"),
    ("(0x3,)", "',' or ')'"), ("(03,)", "without leading zeros"), ("(1_0,)", "',' or ')'"),
    ("(+3,)", "an integer"), ("(--3,)", "an integer"), ("(True,)", "an integer"), ("(None,)", "an integer"),
    ("('3',)", "an integer"), ("((3,),)", "an integer"), ("(3l,)", "',' or ')'"), ("(2*3,)", "',' or ')'"),
    ("(-1,)", "negative extent, -1"), ("(0, -1)", "negative extent, -1"), ("(- 4, 1)", "negative extent, -4"),
    ("(-9223372036854775808,)", "negative extent"), ("(9223372036854775808,)", "does not fit Int64"),
    ("(99999999999999999999999999,)", "does not fit Int64"),
    ("(9223372036854775807,)", "more bytes than Int64"), ("(1152921504606846976, 8)", "more bytes than"),
    ("(4294967296, 4294967296)", "more bytes than"), ("(0, 4294967296, 4294967296)", "more bytes than"),
    ("(1152921504606846976,)", "promises 4611686018427387904 bytes"),
    ("(2305843009213693951,)", "promises 9223372036854775804 bytes"),
    ("(1000000,)", "promises 4000000 bytes of data (float32, shape (1000000,)), but the file has 4"),
    ("(0,)", "promises 0 bytes"), ("(2,)", "promises 8 bytes"),
  ])
  func brokenShapes(tuple: String, text: String) throws {
    let dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': \(tuple)}"
    try expectRefusal(npy(dictionary, data: [0, 0, 0, 0]), text)
  }

  @Test func tooManyAxes() throws {
    func dictionary(_ rank: Int) -> String {
      let extents = String(repeating: "1,", count: rank)
      return "{'descr': '|u1', 'fortran_order': True, 'shape': (\(extents))}"
    }
    let folder = try TemporaryFolder()
    #expect(try read(folder.write(npy(dictionary(64), data: [1]))).layout.rank == 64)
    try expectRefusal(npy(dictionary(65), data: [1]), "65 axes, more than 64")
  }

  @Test(arguments: [
    (">f4", "'>f4' is big-endian"), (">i2", "big-endian"), (">c16", "big-endian"), ("=f4", "byte order"),
    ("|O", "Python objects"), ("O", "Python objects"), ("|S3", "strings"), ("<U5", "strings"),
    (">U5", "strings"), ("<M8[ns]", "dates and times"), ("<m8", "dates and times"),
    ("<f16", "extended precision"),
    ("<c32", "extended precision"), ("g", "extended precision"), ("|V2", "opaque bytes"),
    ("|V8", "opaque bytes"),
    ("<V1", "opaque bytes"), ("f4", "unknown element type 'f4'"), ("float32", "unknown element type"),
    ("<f3", "unknown element type"), ("<f4 ", "unknown element type"), ("|f4", "unknown element type"),
    ("<", "unknown element type"), ("", "the element type is empty"), ("<i16", "unknown element type"),
    ("<b2", "unknown element type"), ("(2,)<f4", "unknown element type"), ("<f4,<f4", "unknown element type"),
  ])
  func refusedTypes(description: String, text: String) throws {
    let dictionary = "{'descr': '\(description)', 'fortran_order': False, 'shape': ()}"
    try expectRefusal(npy(dictionary, data: [0, 0, 0, 0]), text)
  }

  @Test(arguments: ["[('a', '<f4')]", "('<f4', (2,))", "[]"])
  func structuredTypes(description: String) throws {
    let dictionary = "{'descr': \(description), 'fortran_order': False, 'shape': ()}"
    try expectRefusal(npy(dictionary, data: [0, 0, 0, 0]), "structured element types")
  }

  @Test func bytesThatAreNotText() throws {
    for byte: UInt8 in [0, 7, 0x1B, 0x7F, 0x80, 0xC3, 0xFF] {
      let start = Array("{'descr': '<f4".utf8)
      let end = Array("', 'fortran_order': False, 'shape': ()}".utf8)
      for version: UInt8 in 1...3 {
        try expectRefusal(
          npy(start + [byte] + end, version: version, data: [0, 0, 0, 0]), "a plain character")
      }
      try expectRefusal(npy([byte] + start + end, data: [0, 0, 0, 0]), "not a dictionary")
    }
  }

  @Test func headerLength() throws {
    let dictionary = "{'descr': '|u1', 'fortran_order': False, 'shape': ()}"
    func padded(to length: Int, version: UInt8) -> [UInt8] {
      npy(dictionary + String(repeating: " ", count: length - dictionary.count), version: version, data: [1])
    }
    let folder = try TemporaryFolder()
    for version: UInt8 in 1...3 {
      #expect(try read(folder.write(padded(to: 10_000, version: version))).bytes == [1])
      try expectRefusal(padded(to: 10_001, version: version), "10001 bytes, and at most 10000 are read")
    }
    // Lengths that the file does not have, which must not be believed.
    let magic = [0x93] + Array("NUMPY".utf8)
    try expectRefusal(magic + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF], "4294967295 bytes")
    try expectRefusal(magic + [1, 0, 0x10, 0x27], "the file ends inside its header")
    try expectRefusal(magic + [1, 0, 0, 0], "not a dictionary")
  }

  @Test func otherFiles() throws {
    try expectRefusal([], "the file is empty")
    try expectRefusal([0x93], "the file ends inside its header")
    try expectRefusal([0x92] + Array("NUMPY".utf8) + [1, 0, 0, 0], "not a .npy file")
    try expectRefusal(Array("hello, world\n".utf8), "not a .npy file")
    try expectRefusal(Array("x".utf8), "not a .npy file")
    try expectRefusal(Array("PK\u{3}\u{4}............".utf8), "zip archive (.npz)")
    let magic = [0x93] + Array("NUMPY".utf8)
    for (major, minor) in [(0, 0), (1, 1), (4, 0), (3, 1), (255, 255)] as [(UInt8, UInt8)] {
      try expectRefusal(magic + [major, minor, 4, 0, 0, 0, 0, 0], "the format version is \(major).\(minor)")
    }
  }
}
