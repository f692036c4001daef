# Tells the plans that were claimed on this host, the newest first: the hash of each, the kind of its outcome, and the checkpoint of
# the bot's record under which it ran. Changes and settles nothing. The answer has to end, so the oldest of very many are only counted.
max_held=1000

plans_main() {
  begin plans
  if find_plans look; then
    tell_held
  else
    # No plan was ever claimed here.
    case $why in directory-not-made*) why='' ;; esac
  fi
  emit record-refused "$why"
  finish
}

tell_held() {
  held=0
  # What is not the name of a claim is left out below.
  newest_first=$(ls -t -- "$plans" 2>/dev/null)
  for held_hash in $newest_first; do
    is_hex64 "$held_hash" || continue
    if [ "$held" -lt $max_held ]; then
      own_directory "$plans/$held_hash" || continue
      emit plan "$held_hash"
      emit kind "$(recorded_kind "$plans/$held_hash")"
      emit checkpoint "$(head -c 300 2>/dev/null <"$plans/$held_hash/checkpoint")"
    fi
    held=$((held + 1))
  done
  emit held "$held"
}
