extension CIdentifier {
  /// Whether a name has a meaning already: in C or C++, in the headers that files include, for compilers that know
  /// functions of the C library without any header, or as a type of the files themselves.
  static func isReserved(_ name: String) -> Bool {
    if reserved.contains(name) || name.hasSuffix("_t") { return true }
    if prefixes.contains(where: name.hasPrefix) { return true }
    if name.hasSuffix("f") || name.hasSuffix("l"), mathFunctions.contains(String(name.dropLast())) {
      return true
    }
    return name.wholeMatch(of: /[a-z]+[0-9]+x[0-9]+/) != nil
  }

  /// What types and macros of the files begin with, functions of OpenMP, and macros of `sys/mman.h`.
  private static let prefixes = [
    "es_", "ES_", "EINSUMC_", "omp_", "MADV_", "MAP_", "MCL_", "MFD_", "MLOCK_", "MREMAP_", "MS_", "PKEY_",
    "POSIX_MADV_", "PROT_",
  ]

  /// Names that nothing of a file may have.
  static let reserved = words(keywords + " " + libraryNames).union(mathFunctions)

  private static func words(_ text: String) -> Set<String> {
    Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
  }

  private static let keywords = """
    I alignas alignof and and_eq asm atomic auto bitand bitor bool break case catch char class compl complex
    concept const const_cast consteval constexpr constinit continue decltype default defined delete do double dynamic_cast
    else enum explicit export extern false float for friend goto if imaginary inline int long mutable namespace new
    noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast
    requires restrict return short signed sizeof static static_assert static_cast struct switch template
    this thread_local throw true try typedef typeid typename typeof union unsigned using virtual void
    volatile while xor xor_eq
    """

  /// Functions that also exist with an `f` or an `l` behind their names.
  private static let mathFunctions = words(
    """
    acos asin atan atan2 cabs cacos cacosh carg casin casinh catan catanh cbrt ccos ccosh ceil cexp cimag
    clog conj copysign cos cosh cpow cproj creal csin csinh csqrt ctan ctanh drem erf erfc exp exp10 exp2
    expm1 fabs fdim finite floor fma fmax fmin fmod fpclassify frexp gamma hypot ilogb isinf isnan isnormal
    j0 j1 jn ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint nextafter
    nexttoward pow pow10 remainder remquo rint round scalb scalbln scalbn signbit significand sin sincos
    sinh sqrt tan tanh tgamma trunc y0 y1 yn
    """)

  private static let libraryNames = """
    BIG_ENDIAN BUFSIZ BYTE_ORDER CLOCKS_PER_SEC CLOCK_BOOTTIME CLOCK_BOOTTIME_ALARM CLOCK_MONOTONIC
    CLOCK_MONOTONIC_COARSE CLOCK_MONOTONIC_RAW CLOCK_PROCESS_CPUTIME_ID CLOCK_REALTIME
    CLOCK_REALTIME_ALARM CLOCK_REALTIME_COARSE CLOCK_TAI CLOCK_THREAD_CPUTIME_ID EOF EXIT_FAILURE
    EXIT_SUCCESS FD_CLR FD_ISSET FD_SET FD_SETSIZE FD_ZERO FILE FILENAME_MAX FOPEN_MAX LITTLE_ENDIAN
    L_ctermid L_tmpnam MB_CUR_MAX NFDBITS NULL PDP_ENDIAN P_tmpdir RAND_MAX SEEK_CUR SEEK_END SEEK_SET
    TIMER_ABSTIME TIME_UTC TMP_MAX WCONTINUED WEXITED WEXITSTATUS WIFCONTINUED WIFEXITED WIFSIGNALED
    WIFSTOPPED WNOHANG WNOWAIT WSTOPPED WSTOPSIG WTERMSIG WUNTRACED a64l abort abs aligned_alloc alloca
    arc4random arc4random_buf arc4random_uniform asctime asctime_r assert at_quick_exit atexit atof atoi
    atol atoll bcmp bcopy be16toh be32toh be64toh bsearch bzero calloc clearenv clearerr
    clearerr_unlocked clock clock_getcpuclockid clock_getres clock_gettime clock_nanosleep clock_settime
    ctermid ctime ctime_r daylight dcgettext dgettext difftime div dprintf drand48 drand48_r dysize ecvt
    ecvt_r erand48 erand48_r errno execl execle execlp execv execve execvp exit explicit_bzero fclose
    fcvt fcvt_r fd_mask fd_set fdopen feof feof_unlocked ferror ferror_unlocked fflush fflush_unlocked
    ffs ffsl ffsll fgetc fgetc_unlocked fgetpos fgets fileno fileno_unlocked flockfile fmemopen fopen
    fork fprintf fputc fputc_unlocked fputs fread fread_unlocked free freopen fscanf fseek fseeko
    fsetpos ftell ftello ftrylockfile funlockfile fwrite fwrite_unlocked gcvt getc getc_unlocked getchar
    getchar_unlocked getdelim getenv getline getloadavg getsubopt gettext getw gmtime gmtime_r htobe16
    htobe32 htobe64 htole16 htole32 htole64 imaxabs index initstate initstate_r isalnum isalpha isascii
    isblank iscntrl isdigit isgraph islower isprint ispunct isspace isupper iswalpha isxdigit jrand48
    jrand48_r l64a labs lcong48 lcong48_r ldiv le16toh le32toh le64toh linux llabs lldiv localtime
    localtime_r lrand48 lrand48_r madvise main malloc mblen mbstowcs mbtowc memccpy memchr memcmp memcpy
    memfd_create memmove memset mincore mkdtemp mkstemp mkstemps mktemp mktime mlock mlock2 mlockall
    mmap mmap64 mprotect mrand48 mrand48_r mremap msync munlock munlockall munmap nanosleep nrand48
    nrand48_r offsetof on_exit open_memstream pclose perror pkey_alloc pkey_free pkey_get pkey_mprotect
    pkey_set popen posix_madvise posix_memalign printf process_madvise process_mrelease pselect putc
    putc_unlocked putchar putchar_unlocked putenv puts putw qecvt qecvt_r qfcvt qfcvt_r qgcvt qsort
    quick_exit rand rand_r random random_r realloc reallocarray realpath remap_file_pages remove rename
    renameat rewind rindex rpmatch scanf seed48 seed48_r select setbuf setbuffer setenv setlinebuf
    setstate setstate_r setvbuf shm_open shm_unlink snprintf sprintf srand srand48 srand48_r srandom
    srandom_r sscanf stderr stdin stdout stpcpy stpncpy strcasecmp strcasecmp_l strcat strchr strcmp
    strcoll strcoll_l strcpy strcspn strdup strerror strerror_l strerror_r strfmon strftime strftime_l
    strlen strncasecmp strncasecmp_l strncat strncmp strncpy strndup strnlen strpbrk strrchr strsep
    strsignal strspn strstr strtod strtof strtok strtok_r strtol strtold strtoll strtoq strtoul strtoull
    strtouq strxfrm strxfrm_l system tempnam time timegm timelocal timer_create timer_delete
    timer_getoverrun timer_gettime timer_settime timespec_get timezone tmpfile tmpnam tmpnam_r toascii
    tolower toupper tzname tzset u_char u_int u_long u_short uint ulong ungetc unix unsetenv ushort
    va_list valloc vdprintf vfprintf vfscanf vprintf vscanf vsnprintf vsprintf vsscanf wcstombs wctomb
    """
}
