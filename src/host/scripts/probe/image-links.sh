# Whether the targets of tags exist, sampled: a power cut leaves empty files, a partial restore leaves files out.
# Checked are all tags that find lists in a second, the targets of the newest of them, and the layers of their newest
# manifests. The limits on numbers keep the second part short. Its own time limit is for a slow disk.
links_seconds=1
links_follow_seconds=2
links_tags=1000
links_manifests=50
# A GitLab group can be nested twenty deep. A tag is four below its repository.
links_depth=32

collect_image_links() {
  enter_storage_root || return 0
  links_root=$path_end
  if ! enter_images; then return; fi
  found_links=$(list_links | sort -k 2,2rn -k 4,4 | examine_links)
  case $found_links in
    *"${newline}sample "*) if is_cache; then echo 'tree unknown pull-through-cache'; return; fi ;;
  esac
  echo 'tree known'
  report_place "$links_root"
  printf '%s\n' "$found_links"
}

# Enters the directory of repositories and blobs. In the process's view the kernel must follow no symlink.
enter_images() {
  for part in docker docker/registry docker/registry/v2 docker/registry/v2/repositories docker/registry/v2/blobs docker/registry/v2/blobs/sha256; do
    if [ -z "$view" ] || [ ! -L "$part" ]; then continue; fi
    echo "tree unknown link-not-followed $part"
    return 1
  done
  if ! cd docker/registry/v2/. 2>/dev/null || [ ! -d repositories ]; then
    explain_unseen repositories
    if [ -n "$unseen_why" ]; then echo "tree unknown $unseen_why"; else echo 'tree absent'; fi
    return 1
  fi
}

# Lines of KIND MTIME SIZE PATH, then how find ended: t is the directory of a tag, c its link file, r a manifest's link
# file of an unusual size. GNU find itself ends a symlink loop, busybox's at the depth or the timeout.
list_links() {
  links_how=-L
  [ -z "$view" ] || links_how=-P
  set -- repositories -maxdepth "$links_depth" \( -name "*$newline*" -o -name _layers -o -name _uploads -o -path '*/_manifests/tags/*/index' \) -prune -o
  if [ "$find_how" = printf ]; then
    timeout "$links_seconds" find "$links_how" "$@" \
      -path '*/_manifests/tags/*/current/link' -type f -printf 'c %T@ %s %p\n' -o \
      -path '*/_manifests/revisions/*/link' -type f ! -size 71c -printf 'r %T@ %s %p\n' -o \
      -path '*/_manifests/tags/*' ! -path '*/_manifests/tags/*/*' -type d -printf 't %T@ %s %p\n'
  else
    [ -n "$view" ] || set -- -L "$@"
    timeout "$links_seconds" find "$@" \
      -path '*/_manifests/tags/*/current/link' -type f -exec stat -L -c 'c %Y %s %n' {} + -o \
      -path '*/_manifests/revisions/*/link' -type f ! -size 71c -exec stat -L -c 'r %Y %s %n' {} + -o \
      -path '*/_manifests/tags/*' ! -path '*/_manifests/tags/*/*' -type d -exec stat -L -c 't %Y %s %n' {} +
  fi 2>/dev/null
  echo "end 0 $? find"
}

# Reads the link files and small manifests, and has stat(1) check the rest. No other blob is opened.
examine_links() {
  links_follow=-L
  [ -z "$view" ] || links_follow=''
  # awk itself begins nothing new after its time limit.
  timeout $((links_follow_seconds + 2)) awk -v most_seconds="$links_follow_seconds" -v booted="${booted#btime }" -v follow="$links_follow" -v most_tags="$links_tags" -v most_manifests="$links_manifests" "$links_awk" 2>/dev/null
  echo "ended $?"
}

# Whether the registry is a pull-through cache, whose scheduler keeps its state in the storage root (distribution,
# configuration.md, "proxy").
is_cache() {
  [ ! -e "$view$links_root/scheduler-state.json" ] || return 0
  if [ "$config_state" = 'read' ] && grep -qE "^[\"']?proxy[\"']?[ 	]*:" "$config_file" 2>/dev/null; then return 0; fi
  [ "$process_state" = found ] && grep -aq REGISTRY_PROXY_REMOTEURL= "/proc/$process_pid/environ" 2>/dev/null
}
