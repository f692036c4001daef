# A step over a whole tree, as the probe counted it: step_entries in number, step_digest over inode, owner, mode and
# type of each. A chown is for every entry at or below its directory that step_from owns. A chmod is for every one of
# step_kind (d, a directory; f, a file) that the service owns and that has the mode step_from. The list is saved in the
# claim before the first change, and nothing outside it is ever changed.
is_tree() { [ -n "$step_entries" ]; }

# Sets the values to compare: a mode as find and stat write it, an owner as it is.
choose_values() {
  tree_list=$claim/list-$step_inode-${step_from%:*}-${step_from#*:}-$step_kind
  tree_from=${step_from#0} tree_to=${step_to#0}
  if [ -z "$step_kind" ]; then tree_from=$step_from tree_to=$step_to; fi
}

# Sets why if this host can't change a tree safely.
refuse_tree() {
  if [ "$own_uid" != 0 ]; then why='tree-needs-root'; return 1; fi
  choose_find
  case $find_how$(chown --version 2>/dev/null) in
    'printf'*GNU*) ;;
    *) why='no-gnu-tools'; return 1 ;;
  esac
  if ! has_protected_hardlinks; then why='tree-hardlinks-unprotected'; return 1; fi
  directory=$(readlink -n /proc/self/fd/3 && echo .)
  directory=${directory%.}
  if [ "$(directory=$directory awk "$mounts_below_awk$newline$decode_path_awk" /proc/self/mountinfo)" != 0 ]; then why='mount-below'; return 1; fi
}

# Without protected hard links, anyone could give another name to a file that they can't write to (proc_sys_fs(5)).
has_protected_hardlinks() {
  hardlinks=''
  read -r hardlinks 2>/dev/null </proc/sys/fs/protected_hardlinks
  [ "$hardlinks" = 1 ]
}

# Writes all entries that exist now into the claim, and then those with step_from.
read_tree() {
  choose_values
  [ -n "$find_how" ] || choose_find
  (cd -P /proc/self/fd/3/. && clear_pins && list_tree . 20) >"$claim/now" || return
  awk -v kind="$step_kind" -v from="$tree_from" -v owner="$tried_uid" "$tree_awk"'
    has() == from && (kind == "" || type_of() == kind && $2 == owner)' "$claim/now" >"$claim/owned"
}

tree_is_at_from() {
  read_tree || return
  if [ -n "$taking_back" ]; then all_listed_have "$tree_from"; return; fi
  [ "$(wc -l <"$claim/owned")" -eq "$step_entries" ] || return
  has_planned_digest "$claim/owned"
}

has_planned_digest() {
  owned_digest=$(cut -d ' ' -f 1-5 "$1" | sort | sha256sum)
  [ "${owned_digest%% *}" = "$step_digest" ]
}

tree_is_at_to() { read_tree && all_listed_have "$tree_to"; }

# Entries that are not on the list do not matter, because the guard never changed them.
all_listed_have() {
  [ -f "$tree_list" ] || return
  awk -v kind="$step_kind" -v to="$1" "$tree_awk"'
    NR == FNR { listed[$1] = keeps(); entries++; next }
    ($1 in listed) && has() == to && keeps() == listed[$1] && !($1 in seen) { seen[$1] = 1; given++ }
    END { exit given != entries }' "$tree_list" "$claim/now"
}

# Saves the list of entries. Refuses a tree with symlinks, devices, setuid or setgid files, files with a second name, or
# names with a newline: no registry creates these.
save_tree() {
  if awk '$5 !~ /^[d-]/ || $5 ~ /^-/ && ($6 > 1 || $5 ~ /[sS]/) || $7 == "!" { found = 1; exit } END { exit !found }' "$claim/owned"; then
    why='odd-entry'
    return 1
  fi
  write_durably "${tree_list##*/}" <"$claim/owned" || { why='list-not-saved'; return 1; }
}

# Gives each entry of the saved list the owner or mode $1, if it is the listed inode and as expected. Entries that
# changed meanwhile are left alone, so that the comparison afterwards fails. When giving to the service, directories
# come last and inner ones first, so that it can't move anything before its turn. When undoing, outer ones come first.
change_tree() {
  present=$tree_from order=-r
  if [ "$1" = "$step_from" ]; then present=$tree_to order=''; fi
  change_why=$(cd -P /proc/self/fd/3/. && change_listed "$1" 2>&1 | tail -n 1)
}

change_listed() {
  if [ -n "$order" ]; then change_files "$1"; change_directories "$1"; else change_directories "$1"; change_files "$1"; fi
}

# A name can be swapped between the check and the change. So each file gets a second name first, in a directory that
# only root can enter. link(2) follows no symlink and opens nothing, and the files there can be checked and changed
# safely.
change_files() {
  grep -q '^[0-9 ]* -' "$tree_list" || return 0
  make_pins || return
  {
    is_made_pins && {
      listed_paths '^-' | tr '\n' '\000' | xargs -0 -r cp -P -l --parents -t /proc/self/fd/4 --
      (cd -P /proc/self/fd/4/. && find . -type f -printf "$gnu_entry %p\\n" | pinned_paths |
        tr '\n' '\000' | if [ -n "$step_kind" ]; then xargs -0 -r chmod -- "$1"; else xargs -0 -r chown -h --from="$present" -- "$1"; fi)
    }
  } 4<"$pins/."
  clear_pins
}

listed_paths() {
  awk -v kind="$1" '$5 ~ kind { sub(/^[0-9]+ [0-9]+ [0-9]+ [0-7]+ [^ ]+ [0-9]+ /, ""); print }' "$tree_list"
}

# Prints those of the pinned files that are on the list, are as expected, and have no names but the listed one and the
# pin.
pinned_paths() {
  awk -v kind="$step_kind" -v present="$present" "$tree_awk"'
    NR == FNR { listed[$1] = keeps(); next }
    ($1 in listed) && has() == present && keeps() == listed[$1] && $6 == 2 {
      sub(/^[0-9]+ [0-9]+ [0-9]+ [0-7]+ [^ ]+ [0-9]+ /, "")
      print
    }' "$tree_list" -
}

# Makes the directory for the pins, in the tree itself because hard links can't reach another filesystem. Its inode is
# recorded before anything is put into it, so that another directory that is moved to its name is never emptied.
make_pins() {
  name_pins
  rmdir -- "$pins" 2>/dev/null
  mkdir -m 700 -- "$pins"
}

name_pins() { pins=./.registry-doctor-$plan_hash; }

is_made_pins() {
  [ "$(stat -L -c '%u %a' /proc/self/fd/4)" = '0 700' ] || return
  [ -z "$(find /proc/self/fd/4/. -mindepth 1 -print -quit)" ] || return
  stat -L -c %d:%i /proc/self/fd/4 | write_durably pins
}

clear_pins() {
  name_pins
  if [ ! -d "$pins" ]; then return 0; fi
  if [ -f "$claim/pins" ]; then
    {
      if [ "$(stat -L -c %d:%i /proc/self/fd/4)" = "$(cat -- "$claim/pins")" ]; then
        (cd -P /proc/self/fd/4/. && find . -mindepth 1 -delete)
      fi
    } 4<"$pins/."
  fi
  rmdir -- "$pins"
}

# Changes directories, which have only one name. Each is opened, checked and changed through its descriptor, six at a
# time.
change_directories() {
  # The unquoted word is an option or empty.
  # shellcheck disable=SC2086
  grep '^[0-9 ]* d' "$tree_list" | sort -t ' ' -k 7 $order | {
    forget_opened
    while IFS= read -r line; do
      case $line in *' .') opened=. ;; *) opened=./${line#*' ./'} ;; esac
      { eval "command exec $descriptor<\"\$opened/.\""; } 2>/dev/null || continue
      inode=${line%% *} owner=${line#* }
      group=${owner#* }
      mode=${group#* }
      kept=${mode%% *}
      [ -z "$step_kind" ] || kept=${owner%% *}:${group%% *}
      expected_lines="$expected_lines$step_device:$inode $kept$newline"
      descriptors="$descriptors /proc/self/fd/$descriptor"
      descriptor=$((descriptor + 1))
      [ $descriptor -le 8 ] || change_opened "$1"
    done
    change_opened "$1"
  }
}

forget_opened() {
  exec 3<&- 4<&- 5<&- 6<&- 7<&- 8<&-
  descriptor=3 descriptors='' expected_lines=''
}

change_opened() {
  wanted=$1 changing=''
  # Word splitting is wanted: the descriptors are our own words.
  # shellcheck disable=SC2086
  set -- $descriptors
  if [ $# -gt 0 ]; then
    opened_format='%d:%i %a %u:%g'
    [ -z "$step_kind" ] || opened_format='%d:%i %u:%g %a'
    opened_lines=$(stat -L -c "$opened_format" "$@")
    for line in "$@"; do
      if [ "${opened_lines%%"$newline"*}" = "${expected_lines%%"$newline"*} $present" ]; then changing="$changing $line"; fi
      opened_lines=${opened_lines#*"$newline"} expected_lines=${expected_lines#*"$newline"}
    done
    # shellcheck disable=SC2086
    if [ -n "$changing" ]; then
      if [ -n "$step_kind" ]; then chmod "$wanted" $changing; else chown --from="$present" "$wanted" $changing; fi
    fi
  fi
  forget_opened
}

# Tests as the service what the step's new owner can do in its directories.
try_tree() {
  is_closed=$(cd -P /proc/self/fd/3/. && as_identity find . -xdev \( -path . -printf 'began\n' \) , \
    \( -type d -uid "$tried_uid" ! \( -readable -writable -executable \) -print -quit \) 2>/dev/null 3<&- 9>&- | bounded)
  [ "$is_closed" = began ]
}

# Tests a directory that a step opens completely to the service as its owner.
try_opened() {
  case $step_action$step_uid:$step_to in
    chmod"$tried_uid":?7??) ;;
    *) return 0 ;;
  esac
  [ -n "$(cd -P /proc/self/fd/3/. && as_identity find . -maxdepth 0 -readable -writable -executable -print 2>/dev/null 9>&- | bounded)" ]
}

# File content is tested by its own path (try-root.sh).
try_step() { if is_tree; then try_tree; else is_file_step || try_opened; fi; }

# Tests whether the service can use what the steps gave it. If not, sets try_result and why.
try_below() {
  number=1
  while [ $number -le "$step_count" ]; do
    load_step $number
    if ! with_step try_step; then
      try_result=denied why='tree-still-closed'
      return 1
    fi
    number=$((number + 1))
  done
}
