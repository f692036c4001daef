# Why a path can't be inspected. Sets unseen_why to '' if it does not exist, otherwise to a code of reason.ts. Call it
# after a test of the shell failed. The kernel's own error is in stat's message, always its last part.
unseen() {
  unseen_why=$(stat -- "$1" 2>&1 >/dev/null)
  unseen_why=${unseen_why##*: }
  case $unseen_why in
    'No such file or directory') unseen_why='' ;;
    'Permission denied' | 'Operation not permitted') unseen_why='not-permitted' ;;
    '') unseen_why='changed-meanwhile' ;;
    *) unseen_why="host-said $unseen_why" ;;
  esac
}
