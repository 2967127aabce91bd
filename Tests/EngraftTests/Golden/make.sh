#!/bin/sh
# Writes the help texts anew from the built binary.
cd "$(dirname "$0")" || exit 1
engraft=../../../.build/release/engraft
export COLUMNS=80
$engraft --help > help.txt
for command in info convert resample smooth overlay uptake tacs tremor patient demo phantom selftest \
    'phantom pet-ct' 'phantom tremor' 'phantom patient'; do
    $engraft $command --help > "help-$(echo "$command" | tr ' ' -).txt"
done
