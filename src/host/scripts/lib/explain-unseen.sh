# Finds out why a path can't be inspected, after a test of the shell failed. Sets unseen_why to '' if the path does not
# exist, otherwise to a code of reason.ts. The kernel's own error is always the last part of stat's message.
explain_unseen() {
  unseen_why=$(stat -- "$1" 2>&1 >/dev/null)
  unseen_why=${unseen_why##*: }
  # As Rust's coreutils end it.
  unseen_why=${unseen_why%' (os error '*}
  case $unseen_why in
    'No such file or directory') unseen_why='' ;;
    'Permission denied' | 'Operation not permitted') unseen_why='not-permitted' ;;
    '') unseen_why='changed-meanwhile' ;;
    *) unseen_why="host-said $unseen_why" ;;
  esac
}
