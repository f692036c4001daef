# Why a path cannot be looked at: sets unseen_why to '' when it is not there, else to a code of reason.ts. To be called after
# a test of the shell failed; the kernel's own word is in stat's message, always its last part.
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
