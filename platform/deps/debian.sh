# shellcheck shell=bash
# Debian packages without touching the system: sources of any release, binaries of any architecture.
# To be sourced. Needs from the caller: say and die (which print a message), $log (a file).
#
#   debian_lock                            one build at a time; held until the shell ends
#   debian_fetch_source PACKAGE VERSION    sets $taken, the version that was taken
#   debian_unpack_source PACKAGE VERSION   build/deps/src/PACKAGE with Debian's patches and ours
#   debian_fetch_deb PACKAGE ARCH          sets $fetched, the .deb of this machine's release
#   debian_unpack_deb PACKAGE ARCH FOLDER  fetches it and puts its files below FOLDER
#
# Everything lands in build/deps/download, with the name and SHA256 that Debian's signed index had, so
# that a later build needs no network. To take newer .debs, remove build/deps/download/*.deb.sha256.
# What a package of a foreign architecture depends on: dpkg -f "$fetched" Depends

: "${log:?}"
debian_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
deps=$(cd "$debian_here/../.." && pwd)/build/deps
debian_codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release 2> /dev/null | tr -d '"')
debian_codename=${debian_codename:-stable}
debian_source_releases="bookworm trixie"      # those that platform/deps/versions names
taken=
fetched=

debian_lock() {
  mkdir -p "$deps"
  exec 9> "$deps/.lock"
  flock -n 9 || { say "waiting for another build"; flock 9; }
}

# Runs a command with its output in the log; shows the log's end if the command fails.
logged() {
  local rc=0
  "$@" >> "$log" 2>&1 || rc=$?
  [ $rc -eq 0 ] && return 0
  say "failed: $1; the last lines of $log:"
  tail -n 25 "$log" >&2
  return 1
}

# ---- Indexes -----------------------------------------------------------------------------------

# The stanzas of a .sources file that are Debian's own suites with component main: as TYPE of the
# release TO, with the mirror and the key that this machine already trusts.
debian_derive_sources() {
  awk -v suite="$1" -v type="$2" -v to="$3" '
    BEGIN { RS = ""; FS = "\n" }
    { out = ""; keep = 0; main = 0; off = 0; cont = 0
      for (i = 1; i <= NF; i++) {
        line = $i
        if (line ~ /^#/) continue
        key = line; sub(/:.*/, "", key); key = tolower(key)
        if (line ~ /^[ \t]/) { if (!cont) out = out line "\n"; continue }
        cont = (key == "architectures" || key == "types")
        if (key == "enabled" && tolower(line) ~ /no|false|off|0/) off = 1
        if (key == "components" && line ~ /[: \t]main([ \t]|$)/) main = 1
        if (key == "suites") {
          n = split(substr(line, index(line, ":") + 1), word, /[ \t]+/); line = "Suites:"
          for (j = 1; j <= n; j++)
            if (word[j] ~ "^" suite "(-updates|-security)?$") {
              sub(/^[a-z]+/, to, word[j]); line = line " " word[j]; keep = 1
            }
        }
        if (!cont) out = out line "\n"
      }
      if (keep && main && !off) printf "Types: %s\n%s\n", type, out
    }' "$4"
}

# The same for a file of one-line entries.
debian_derive_lines() {
  sed -nE "/^deb[ \t].*[ \t]main([ \t]|\$)/{
             s/\barch(\+|-)?=[^] ]*//
             s/^deb[ \t]+((\[[^]]*\][ \t]+)?[^ \t]+[ \t]+)$1/$2 \1$3/
             s/^($2 .*[ \t]$3(-updates|-security)?[ \t].*)/\1/p
           }" "$4"
}

# debian_derive_lists FOLDER TYPE RELEASE...: the installed source lists (either format), turned to
# TYPE (deb or deb-src) of each RELEASE.
debian_derive_lists() {
  local folder=$1 type=$2 file to suite="($debian_codename|stable|oldstable)"; shift 2
  rm -f "$folder"/*
  for to in "$@"; do
    for file in /etc/apt/sources.list.d/*.sources; do
      [ -r "$file" ] && debian_derive_sources "$suite" "$type" "$to" "$file" \
        > "$folder/$to-$(basename "$file")"
    done
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
      [ -r "$file" ] && debian_derive_lines "$suite" "$type" "$to" "$file" \
        > "$folder/$to-$(basename "$file" .list)-lines.list"
    done
  done
  find "$folder" -type f -empty -delete
  [ -n "$(ls "$folder")" ] ||
    die "no Debian entry (suite $suite, component main) in /etc/apt/sources.list*"
}

# debian_prepare_apt NAME: an apt of our own in build/deps/apt/NAME, for "source" or for the binaries
# of the architecture NAME. Its main file is read after the host's apt.conf.d (where a proxy may be
# set) and undoes what must not run for us: the hooks, and Docker's "keep no package cache". Each
# architecture has its own: apt drops a whole suite when the index of one of its architectures fails.
debian_prepare_apt() {
  local name=$1 a=$deps/apt/$1
  mkdir -p "$a"/etc/{sources.list.d,preferences.d} "$a"/state/lists/partial \
           "$a"/cache/archives/partial
  : > "$a/status"
  cat > "$a/apt.conf" <<CONF
Dir::Etc "$a/etc";
Dir::Etc::parts "/etc/apt/apt.conf.d";
Dir::Etc::netrc "/etc/apt/auth.conf";
Dir::Etc::netrcparts "/etc/apt/auth.conf.d";
Dir::Etc::trusted "/etc/apt/trusted.gpg";
Dir::Etc::trustedparts "/etc/apt/trusted.gpg.d";
Dir::State "$a/state";
Dir::State::status "$a/status";
Dir::Cache "$a/cache";
CONF
  cat > "$a/etc/apt.conf" <<CONF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
  export APT_CONFIG=$a/apt.conf
  if [ "$name" = source ]; then
    # shellcheck disable=SC2086
    debian_derive_lists "$a/etc/sources.list.d" deb-src $debian_source_releases
  else
    echo "#clear APT::Architectures;
APT::Architecture \"$name\"; APT::Architectures { \"$name\"; };" >> "$a/etc/apt.conf"
    debian_derive_lists "$a/etc/sources.list.d" deb "$debian_codename"
  fi
}

# debian_use_index NAME: that apt with the signed index, fetched once a run. apt-get calls an
# unreachable mirror a mere warning unless told otherwise. A part that cannot be had only matters if
# what we look for is not in the others.
declare -A debian_updated=()
debian_cause="not in the archive any more"
debian_use_index() {
  local name=$1
  export APT_CONFIG=$deps/apt/$name/apt.conf
  [ -z "${debian_updated[$name]:-}" ] || return 0
  debian_prepare_apt "$name"
  say "reading Debian's index ($name)"
  if ! apt-get -q update -o APT::Update::Error-Mode=any >> "$log" 2>&1; then
    say "warning: could not read all of Debian's index ($name; see $log)"
    debian_cause="no network, or a mirror that fails"
  fi
  debian_updated[$name]=yes
}

# ---- Downloads ---------------------------------------------------------------------------------

debian_good() { [ -f "$1" ] && echo "$2  $1" | sha256sum --status -c - 2> /dev/null; }

debian_all_good() { (cd "$deps/download" && sha256sum --status -c "$1" 2> /dev/null); }

# debian_download NAME SHA256 URI...: the index is signed and has the hash, so any address will do.
debian_download() {
  local name=$1 hash=$2 file=$deps/download/$1 uri; shift 2
  debian_good "$file" "$hash" && return
  say "fetching $name"
  for uri in "$@"; do
    rm -f "$file"
    /usr/lib/apt/apt-helper download-file "$uri" "$file" "SHA256:$hash" >> "$log" 2>&1 &&
      debian_good "$file" "$hash" && return
  done
  rm -f "$file"
  die "cannot fetch $name with the SHA256 of Debian's index: no network, or a mirror that fails;" \
    "see $log"
}

# "URI name SHA256" of each file that apt-get would fetch, by the output of its --print-uris.
debian_printed_uris() {
  sed -nE "s/^'([^']+)' ([^ ]+) [0-9]+ SHA256:([0-9a-f]{64})\$/\1 \2 \3/p"
}

# debian_pick_version PACKAGE VERSION: the version to take, by the index.
debian_pick_version() {
  local all other
  all=$(apt-cache showsrc "$1" 2>> "$log" | awk '/^Version:/ { print $2 }' | sort -uV)
  if grep -qxF "$2" <<< "$all"; then echo "$2"; return; fi
  other=$(grep -F "${2%-*}-" <<< "$all" | tail -n 1 || true)
  [ -n "$other" ] || die "no Debian source of $1 $2: $debian_cause" \
    "(found: ${all//$'\n'/ }); see $log"
  say "WARNING: $1 $2 is not in the archive, taking $other (the list is platform/deps/versions)"
  echo "$other"
}

# Every address where the indexed suites may have a file of PACKAGE: apt-get names only one of them
# for a version, and a mirror may hold the file in another suite's pool alone.
debian_candidate_uris() {
  local base directory
  for base in $(apt-get indextargets --format "\$(REPO_URI)" "Created-By: Sources" | sort -u); do
    for directory in $(apt-cache showsrc "$1" 2>> "$log" | sed -n 's/^Directory: //p' | sort -u); do
      echo "$base$directory/$2"
    done
  done
}

debian_fetch_source() {
  local pkg=$1 version=$2 list=$deps/download/$1_$2.sha256 bad hash name uris
  mkdir -p "$deps/download"
  taken=$version
  debian_all_good "$list" && return
  bad=$(cd "$deps/download" && { sha256sum -c "$list" 2> /dev/null || true; } |
        sed -n 's/: FAILED.*//p')
  [ -z "$bad" ] || say "missing or damaged in build/deps/download: ${bad//$'\n'/ }"
  debian_use_index source
  taken=$(debian_pick_version "$pkg" "$version")
  list=$deps/download/${pkg}_$taken.sha256
  # No .dsc: the index, which is signed, has the hashes already.
  apt-get -q --print-uris source "$pkg=$taken" 2>> "$log" | debian_printed_uris |
    awk '$2 !~ /\.(dsc|asc)$/' > "$list.uris"
  while read -r _ name hash; do
    mapfile -t uris < <(debian_candidate_uris "$pkg" "$name")
    debian_download "$name" "$hash" "${uris[@]}"
  done < "$list.uris"
  awk '{ print $3 "  " $2 }' "$list.uris" > "$list.new"
  rm "$list.uris"; mv "$list.new" "$list"
}

debian_fetch_deb() {
  local pkg=$1 arch=$2 list=$deps/download/$1_$2.deb.sha256 uri name hash
  mkdir -p "$deps/download"
  if ! debian_all_good "$list"; then
    debian_use_index "$arch"
    read -r uri name hash < <(apt-get -q --print-uris download "$pkg" 2>> "$log" |
                              debian_printed_uris) ||
      die "no Debian package $pkg for $arch in $debian_codename: $debian_cause; see $log"
    debian_download "$name" "$hash" "$uri"
    echo "$hash  $name" > "$list"
  fi
  fetched=$deps/download/$(cut -c 67- "$list")
}

# ---- Unpacking ---------------------------------------------------------------------------------

debian_unpack_source() {
  local pkg=$1 version=$2 dir=$deps/src/$1 up=${2#*:} patches key p
  mapfile -t patches < <(find "$debian_here/patches" -name "$pkg-*.patch" | sort)
  key=$(cat "$deps/download/${pkg}_$version.sha256" "${patches[@]}" | sha256sum | cut -d' ' -f1)
  [ "$(cat "$dir/.unpacked" 2> /dev/null)" = "$key" ] && return
  say "unpacking $pkg $version"
  rm -rf "$dir"; mkdir -p "$dir"
  logged tar -xf "$deps/download/${pkg}_${up%-*}".orig.tar.?z* -C "$dir" --strip-components=1
  logged tar -xf "$deps/download/${pkg}_$up".debian.tar.xz -C "$dir"
  while read -r p _; do
    logged patch -s -p1 --no-backup-if-mismatch -d "$dir" -i "$dir/debian/patches/$p"
  done < <(sed -E '/^\s*(#|$)/d' "$dir/debian/patches/series" 2> /dev/null)
  for p in "${patches[@]}"; do
    logged patch -s -p1 --no-backup-if-mismatch -d "$dir" -i "$p"
  done
  echo "$key" > "$dir/.unpacked"
}

debian_unpack_deb() {
  debian_fetch_deb "$1" "$2"
  mkdir -p "$3"
  logged dpkg -x "$fetched" "$3"
}
