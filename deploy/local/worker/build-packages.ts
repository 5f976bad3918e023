/** Debian's packages that build.sh compiles against; README.md beside this file has the reasons. */
export const buildPackages = [
  "meson",
  "ninja-build",
  "g++",
  "pkg-config",
  "libssl-dev",
  "libuv1-dev",
  "libsrtp2-dev",
  "libabsl-dev",
  "libflatbuffers-dev",
  "flatbuffers-compiler",
  "flatbuffers-compiler-dev",
] as const;
