#!/usr/bin/env bash
# Looks at the live dashboard in a real terminal (tmux): sizes, resizing, Ctrl-C, an exception of our own, and that the
# terminal is as before. Run by hand: bash test/frames/terminal-check.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
tmux="tmux -L nightsweep-check-$$ -f /dev/null"
trap '$tmux kill-server 2>/dev/null || true; rm -rf "$folder"' EXIT

fail() { echo "FAIL: $1"; exit 1; }
show() { echo "--- $1"; $tmux capture-pane -p; }
# Waits until the shell has written this file.
await() { for _ in $(seq 300); do [ -e "$folder/$1" ] && return; sleep 0.1; done; fail "$1 did not end"; }

# run NAME "ARGUMENTS": starts a pretended sweep; $folder/NAME appears when the terminal has been compared afterwards.
run() {
  $tmux send-keys "npx tsx test/frames/fake-sweep.ts $2; stty -g > '$folder/after'; touch '$folder/$1'" Enter
}
# Waits until the dashboard is on the screen.
drawn() {
  for _ in $(seq 300); do [ "$($tmux display-message -p '#{alternate_on}')" = 1 ] && return; sleep 0.1; done
  fail 'nothing was drawn'
}
check() {
  await "$1"
  cmp -s "$folder/before" "$folder/after" || fail "$1: stty -g differs"
  [ "$($tmux display-message -p '#{cursor_flag}#{wrap_flag}#{alternate_on}')" = 110 ] || fail "$1: cursor or screen"
  echo "ok: $1"
}

$tmux new-session -d -x 80 -y 24 'env -u CI LANG=C.UTF-8 bash --norc'
$tmux send-keys "stty -g > '$folder/before'; touch '$folder/begun'" Enter
await begun
$tmux pipe-pane "cat > '$folder/bytes'"

run resized 16
drawn
for size in '80 24' '200 50' '40 12' '120 40' '80 24'; do
  read -r columns rows <<< "$size"
  $tmux resize-window -x "$columns" -y "$rows"
  sleep 1
  show "$columns x $rows"
  [ -z "$($tmux capture-pane -p | sed -n "${rows}p")" ] || fail "the frame fills the screen at $size"
done
check resized
show 'after the end'

run interrupted 60
drawn
$tmux send-keys C-c
sleep 1
$tmux send-keys C-c
check interrupted

run thrown '6 throw'
check thrown

if grep -qaE $'\x1b\\[[23]J' "$folder/bytes"; then fail 'the screen was cleared'; fi
echo 'ok: never cleared the screen'
