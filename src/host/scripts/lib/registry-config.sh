# Reads the registry's config file: its text, with every secret redacted here on the host, and the settings that the
# rest of the script needs. config_state becomes read, absent or unknown (config_why says why).
# registry-config.awk prints "! reason" if it can't read the file, otherwise "= key value" for each setting, "---" and
# the redacted text. config_*_setting is the config key, or the environment variable, that a path was read from.
read_config() {
  find_config_file
  config_state=unknown config_why='' config_text='' config_driver=''
  config_root='' config_address='' config_net='' config_debug_address='' config_tls=''
  config_htpasswd='' config_htpasswd_setting=auth.htpasswd.path
  config_tls_certificate='' config_tls_certificate_setting=http.tls.certificate config_tls_key='' config_tls_key_setting=http.tls.key
  config_client_cas='' config_acme_cache='' config_acme_cache_setting=http.tls.letsencrypt.cachefile
  config_token_certificate='' config_token_certificate_setting=auth.token.rootcertbundle
  config_lines='' config_syntax='' config_listens=''
  if [ ! -f "$config_file" ]; then
    if [ -e "$config_file" ]; then config_why='not-a-regular-file'; return; fi
    explain_unseen "$config_file"
    config_why=$unseen_why
    [ -n "$config_why" ] || config_state=absent
    return
  fi
  if [ ! -r "$config_file" ]; then config_why='not-permitted'; return; fi
  # One byte more than registry-config.awk accepts, so that a longer file is reported as too large.
  found=$(head -c 65537 <"$config_file" | tr -d '\000' | awk "$config_awk")
  case "$newline$found$newline" in
    "$newline! "*) config_why=${found#! }; return ;;
    *"$newline---$newline"*) ;;
    *) config_why='unreadable'; return ;;
  esac
  config_state='read'
  take_settings "${found%%---"$newline"*}"
  config_text=${found#*---"$newline"}
}

take_settings() {
  IFS=$newline
  for setting in $1; do
    take_setting "${setting#= }"
  done
  IFS=" 	$newline"
}

take_setting() {
  decode "${1#* }"
  case ${1%% *} in
    driver) config_driver=$decoded ;;
    lines) config_lines=$decoded ;;
    syntax) config_syntax=$decoded ;;
    storage.filesystem.rootdirectory) config_root=$decoded ;;
    http.addr) config_address=$decoded ;;
    # http.sh clears config_net for the debug address; config_listens keeps the value.
    http.net) config_net=$decoded config_listens=$decoded ;;
    http.debug.addr) config_debug_address=$decoded ;;
    auth.token.rootcertbundle) config_token_certificate=$decoded ;;
    auth.htpasswd.path) config_htpasswd=$decoded ;;
    http.tls.certificate) config_tls=${decoded:+on} config_tls_certificate=$decoded ;;
    http.tls.key) config_tls_key=$decoded ;;
    http.tls.clientcas) config_client_cas="$config_client_cas ${1#* }" ;;
    http.tls.letsencrypt.cachefile) config_tls=${decoded:+on} config_acme_cache=$decoded ;;
  esac
}

# Sets decoded to $1 without the escapes of printf %b. The dot keeps trailing newlines, which $(...) would drop.
decode() {
  decoded=$1
  case $1 in
    *\\*)
      decoded=$(printf '%b.' "$1")
      decoded=${decoded%.}
      ;;
  esac
}

# Sets config_file. If the process has mounts of its own, its config file might exist only there, or differ from the
# file at the same path on the host.
find_config_file() {
  config_file=$config_path
  if [ -n "$view" ]; then walk "$config_path" is_there take_config_file; fi
}

take_config_file() {
  if [ -n "$path_end" ] && [ -f "$view$path_end" ] && [ ! -L "$view$path_end" ]; then config_file=$view$path_end; fi
}
