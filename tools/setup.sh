# What the scripts in this folder share; sourced by them with bash, not run.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
libtcc_folder=$root/.build/libtcc
einsumc_binary=$root/.build/release/einsumc
einsum_library=$root/.build/library/libeinsum.so.1

# Every build links the prepared libtcc, if there is one: its folder is searched before the system's.
build_flags=(--package-path "$root" -Xlinker "-L$libtcc_folder")

fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  if [ $# -gt 0 ]; then printf '  %s\n' "$@" >&2; fi
  exit 1
}

# Stops unless Swift is there and new enough.
require_swift() {
  command -v swift > /dev/null || fail "Swift is not installed, or not on the PATH" \
    "install Swift 6.2 or newer from https://www.swift.org/install/linux and try again"
  local version
  version=$(swift --version 2> /dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  case $version in
    '' | [0-5].* | 6.[01]) fail "Swift ${version:-of an unknown version} is too old" \
      "install Swift 6.2 or newer from https://www.swift.org/install/linux and try again" ;;
  esac
}

# require_package PACKAGE COMMAND...: installs a Debian package unless the command, which tells whether what
# it brings is there, succeeds.
require_package() {
  local package=$1
  shift
  if "$@" > /dev/null 2>&1; then return; fi
  command -v apt-get > /dev/null ||
    fail "'$package' is missing" "install this package, or what your distribution calls it"
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo > /dev/null || fail "'$package' is missing" "run as root: apt-get install $package"
    as_root=(sudo)
  fi
  echo "installing $package" >&2
  local install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive
    apt-get install --yes --quiet --no-install-recommends "$package")
  # A package list that was never fetched, or is old, is the usual reason for a first failure.
  "${install[@]}" >&2 || { "${as_root[@]}" apt-get update --quiet >&2 && "${install[@]}" >&2; } ||
    fail "'$package' could not be installed" "apt-get's messages above say why"
  "$@" > /dev/null 2>&1 || fail "'$package' is installed, but does not bring what is needed: $*"
}

# Prints where the distribution put libtcc.a.
distribution_libtcc() {
  local folder
  for folder in "/usr/lib/$(uname -m)-linux-gnu" /usr/lib64 /usr/lib /usr/local/lib; do
    if [ -f "$folder/libtcc.a" ]; then
      echo "$folder/libtcc.a"
      return
    fi
  done
  return 1
}

# Makes a copy of libtcc.a that cannot end the process, change the protection of memory, or keep anything
# from a failed compile; Sources/CEinsumRuntime/tcc_hooks.h is the other side of it.
#
# - One object with nothing global but the functions that are called. It then also links into shared
#   libraries, though it is not compiled for them.
# - Its references to `exit` and the like go to functions of ours.
# - All its variables are in one section, whose bounds the linker knows.
#
# In a shell of its own, which however it ends removes its work folder.
prepare_libtcc() (
  local original prepared=$libtcc_folder/libtcc.a
  original=$(distribution_libtcc)
  if [ "$prepared" -nt "$original" ] && [ "$prepared" -nt "${BASH_SOURCE[0]}" ]; then exit; fi

  local name arguments=() contents=alloc,load,data,contents work
  for name in new delete set_error_func set_options set_output_type compile_string add_symbol relocate \
    get_symbol; do
    arguments+=(--keep-global-symbol "tcc_$name")
  done
  for name in exit mprotect stdout stderr environ sem_init sem_wait sem_post; do
    arguments+=(--redefine-sym "$name=es_tcc_$name")
  done
  arguments+=(--set-section-flags ".bss=$contents")
  for name in .data .bss; do arguments+=(--rename-section "$name=es_tcc_state,$contents"); done

  mkdir -p "$libtcc_folder"
  work=$(mktemp -d "$libtcc_folder/work.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  ld -r --whole-archive "$original" -o "$work/whole.o"
  objcopy "${arguments[@]}" "$work/whole.o" "$work/libtcc.o"
  ar rcs "$work/libtcc.a" "$work/libtcc.o"
  mv "$work/libtcc.a" "$prepared"
  # What was linked with an older archive must be linked again, which the build system does not see.
  rm -f "$einsumc_binary" "$einsum_library" "$root"/.build/*/einsumcPackageTests.xctest
)

# All that a build of einsumc needs.
set_up_build() {
  require_swift
  require_package libtcc-dev distribution_libtcc
  require_package binutils command -v objcopy
  prepare_libtcc
}

# Whether nothing that goes into einsumc has changed since the stamp file was made. A folder's own time
# tells of files that were removed.
is_newer_than_sources() {
  [ -e "$1" ] && [ -z "$(find "$root/Package.swift" "$root/Sources" "$root/Generated" "$root/tools/setup.sh" \
    -path "$root/Sources/python" -prune -o -newer "$1" -print -quit 2>&1)" ]
}

# Builds the command line tool, unless it is up to date; takes a few milliseconds then.
build_einsumc() {
  local stamp=$root/.build/einsumc.stamp
  if [ -x "$einsumc_binary" ] && is_newer_than_sources "$stamp"; then return; fi
  set_up_build
  # The stamp has the time before the build, so that a change during it counts.
  touch "$stamp.new"
  swift build "${build_flags[@]}" --configuration release --product einsumc >&2 ||
    fail "einsumc could not be built" "the compiler's messages above say why"
  mv "$stamp.new" "$stamp"
}

# Builds libeinsum.so, unless it is up to date.
#
# The build system cannot link Swift's own libraries statically into a shared one, so it only makes an archive.
# That becomes one object, from which the compiler driver reads which of Swift's libraries are needed; what
# nothing refers to is dropped, and only the C interface is exported. It is never unloaded, as its threads stay.
#
# In a shell of its own, which however it ends removes its work folder.
build_library() (
  if is_newer_than_sources "$einsum_library"; then exit; fi
  set_up_build
  local folder work
  folder=$(dirname "$einsum_library")
  mkdir -p "$folder"
  work=$(mktemp -d "$folder/work.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  # The library gets the time before the build, so that a change during it counts.
  touch "$work/stamp"
  # An archive that is there is only added to, and keeps objects of files that are gone.
  rm -f "$root/.build/release/libEinsumC.a"
  swift build "${build_flags[@]}" --configuration release --product EinsumC >&2 ||
    fail "the C library could not be built" "the compiler's messages above say why"
  ld -r --whole-archive "$root/.build/release/libEinsumC.a" -o "$work/einsum.o"
  echo '{ global: einsum_*; local: *; };' > "$work/exports"
  swiftc -emit-library -static-stdlib -use-ld=lld "$work/einsum.o" "$libtcc_folder/libtcc.a" \
    -Xlinker "--version-script=$work/exports" -Xlinker "-soname=${einsum_library##*/}" \
    -Xlinker --gc-sections -Xlinker --no-undefined -Xlinker -z -Xlinker nodelete -Xlinker -s -o "$work/library" >&2 ||
    fail "the C library could not be linked" "the linker's messages above say why"
  touch -r "$work/stamp" "$work/library"
  mv "$work/library" "$einsum_library"
)
