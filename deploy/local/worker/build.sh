#!/usr/bin/env bash
# Builds mediasoup-worker from the mediasoup npm package against the libraries of Debian 12. README.md has the reasons.
# usage: build.sh MEDIASOUP_PACKAGE_DIR OUTPUT_FILE
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
package=$(cd "$1" && pwd)
output=$(realpath -m "$2")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$package/worker/." "$work/"
cd "$work"

# 1. Meson subprojects become thin wrappers over the system's libraries.
rm -rf subprojects
cp -r "$here/subprojects" subprojects
# 2. Debian 12 has Meson 1.0.1; nothing newer is used.
sed -i "s/meson_version: '>= 1.1.0'/meson_version: '>= 1.0.0'/" meson.build
# 3. Debian's OpenSSL has kernel TLS. It asks the output BIO whether kernel TLS is on through the BIO
#    callback, and the worker's callback answers 1 to every control call, so OpenSSL skips allocating
#    its write buffer and crashes in the first DTLS handshake. The callback must return what it was given.
sed -i 's/(operationType == BIO_CB_RETURN) ? /((operationType \& BIO_CB_RETURN) != 0) ? /' src/RTC/DtlsTransport.cpp
grep -q 'operationType & BIO_CB_RETURN) != 0' src/RTC/DtlsTransport.cpp

meson setup build --buildtype release -Db_ndebug=true >/dev/null
ninja -C build mediasoup-worker
mkdir -p "$(dirname "$output")"
install -m 755 build/mediasoup-worker "$output"
