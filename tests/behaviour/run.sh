#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Plays all behaviour cases, or those given, through the real proxies.
cd "${SDI_TOP:-$(dirname "$0")/../..}" || exit 99
run=${SDI_BUILD:-build}/tests/behaviour/run
[ $# -gt 0 ] || set -- tests/behaviour/cases/*.yaml tests/behaviour/cases/*/*.yaml
exec "$run" $(for f; do [ -f "$f" ] && echo "$f"; done)
