#!/usr/bin/env bash
# ./run.sh [ARGS…]        builds Tinderbox if something changed and starts the server with these options
# ./run.sh COMMAND [ARGS…]   the same for every command that ./run.sh --help names, such as token, audit or backup
# ./run.sh test [ARGS…]   builds it and runs every test; ARGS go to Maven
# ./run.sh soak [--rounds N] [--seed S]   kills a server N times under load (default 200) and counts what was lost
# ./run.sh soak --jobs N  sends N jobs through one server and tells what it holds afterwards
# ./run.sh soak --fuzz N  sends N requests that are nearly right; none may be answered by a failure
# ./run.sh soak --attack  measures how quickly a stranger is served while others attack the server, and while nobody does
# ./run.sh bench          measures all that follows, one after another, but the single functions
# ./run.sh bench words    measures the word count beside its rivals; --rounds N counts N times, --texts says which of
#                         english,small,distinct,line,many and large (1 GB, only where it is named)
# ./run.sh bench words --bounded   tells the server's memory beside growing inputs; --megabytes N,N,… says how large
# ./run.sh bench functions   measures single functions with JMH, whose options it takes
# ./run.sh bench live     measures event streams: how late the news are, and what they cost
# ./run.sh bench start    measures how long a start takes, with and without the archive that makes it quick
# ./run.sh bench page     measures the page in a real browser: how soon it can be used, how it bears 100,000 jobs
# ./run.sh bench server [JOBS]   measures accepts, whole lives, and looks at jobs, lists (of 1,000,000), logs and results
# JAVA_HOME chooses the JDK, JAVA_OPTS is passed to the JVM.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
jar=$root/target/tinderbox.jar
built_from=$root/target/tinderbox.jar.built-from
inputs=(pom.xml .mvn src/main sample-data)

die() {
    echo "run.sh: $*" >&2
    exit 1
}

# Sets java_home, java_version and java_runtime, without starting a JVM where the JDK's release file tells them.
find_java() {
    local java advice="install JDK 17 or newer (Debian, Ubuntu: apt install openjdk-17-jdk) or set JAVA_HOME to one"
    if [[ -n ${JAVA_HOME:-} ]]; then
        java_home=$JAVA_HOME
        [[ -x $java_home/bin/java ]] || die "JAVA_HOME ($JAVA_HOME) has no bin/java; $advice"
    else
        java=$(command -v java) || die "no Java found; $advice"
        java=$(readlink -f -- "$java" 2>/dev/null || echo "$java")
        java_home=$(dirname -- "$(dirname -- "$java")")
    fi
    java_version='' java_runtime=''
    if [[ -r $java_home/release ]]; then
        java_version=$(sed -n 's/^JAVA_VERSION="\(.*\)".*/\1/p' "$java_home/release")
        java_runtime=$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)".*/\1/p' "$java_home/release")
    fi
    if [[ -z $java_version || -z $java_runtime ]]; then
        local settings
        settings=$("$java_home/bin/java" -XshowSettings:properties -version 2>&1) ||
            die "$java_home/bin/java does not start; $advice"
        java_version=$(sed -n 's/^ *java\.version = //p' <<<"$settings")
        java_runtime=$(sed -n 's/^ *java\.runtime\.version = //p' <<<"$settings")
        java_home=$(sed -n 's/^ *java\.home = //p' <<<"$settings")
    fi
    # 1.8.0_392 is Java 8.
    java_major=${java_version#1.}
    java_major=${java_major%%[!0-9]*}
    [[ ${java_major:-0} -ge 17 ]] || die "Java ${java_version:-of an unknown version} ($java_home) is too old; $advice"
}

check_build_tools() {
    local advice="install Maven 3.8 or newer (Debian, Ubuntu: apt install maven)" version
    [[ -x $java_home/bin/javac ]] ||
        die "$java_home can run Java but not compile it; install a JDK (Debian, Ubuntu: apt install openjdk-17-jdk)"
    export JAVA_HOME=$java_home
    command -v mvn >/dev/null || die "no Maven found; $advice"
    version=$(mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p') || true
    [[ $version =~ ^([0-9]+)\.([0-9]+) ]] || die "mvn -v does not name its version; $advice"
    ((BASH_REMATCH[1] > 3 || (BASH_REMATCH[1] == 3 && BASH_REMATCH[2] >= 8))) ||
        die "Maven $version is too old; $advice"
}

# Names and contents of all that goes into the JAR, so that a deleted or restored file counts too.
fingerprint() {
    cd -- "$root"
    local present=() input
    for input in "${inputs[@]}"; do
        [[ ! -e $input ]] || present+=("$input")
    done
    find "${present[@]}" -type f -exec cksum {} + | LC_ALL=C sort
}

# Whether nothing was touched since the contents were last compared, which takes far longer to see. Adding, renaming or
# deleting a file touches its folder.
untouched() {
    local touched
    [[ -f $jar && -f $built_from ]] &&
        touched=$(cd -- "$root" && find "${inputs[@]}" -cnewer "$built_from" 2>&1) && [[ -z $touched ]]
}

# Remembers what the JAR is built from: the fingerprint, with the time from before it was taken.
remember() {
    local before=$1 now=$2
    echo "$now" >"$built_from"
    touch -r "$before" "$built_from"
    rm -f -- "$before"
}

# On a terminal, says again and again what the build does and how long it has taken: a first one downloads for minutes.
show_progress() {
    local log=$1 files done start=$SECONDS
    [[ -t 2 ]] || return 0
    # This must not outlive the script, whatever ends that.
    while kill -0 $$ 2>/dev/null; do
        files=$(grep -c 'Downloaded from' -- "$log") || true
        done=''
        [[ ${files:-0} == 0 ]] || done="$files files downloaded, "
        printf '\r\033[K  %s%d s' "$done" "$((SECONDS - start))" >&2
        sleep 1
    done
}

build() {
    local now log before progress failed=false
    ! untouched || return 0
    before=$(mktemp)
    now=$(fingerprint)
    if [[ -f $jar && -f $built_from && $(<"$built_from") == "$now" ]]; then
        remember "$before" "$now"
        return
    fi
    check_build_tools
    echo "Building Tinderbox (the first time takes a few minutes)…" >&2
    log=$(mktemp)
    show_progress "$log" &
    progress=$!
    (cd -- "$root" && mvn -B -Dmaven.test.skip -Dspotless.check.skip -Dmdep.analyze.skip clean package) \
        >"$log" 2>&1 </dev/null || failed=true
    kill "$progress" 2>/dev/null || true
    wait "$progress" 2>/dev/null || true
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
    if $failed; then
        grep -Ev '^(\[(INFO|WARNING)\]|Download|Progress)' -- "$log" >&2 || cat -- "$log" >&2
        rm -f -- "$log" "$before"
        die "the build failed; Maven's errors are above"
    fi
    rm -f -- "$log"
    remember "$before" "$now"
}

# The pure modules of the page, where there is something to run them; through the page they are tested in any case.
run_script_tests() {
    local version
    version=$(node --version 2>/dev/null) || true
    version=${version#v}
    if ((${version%%.*} + 0 >= 18)); then
        node --test "$root"/src/test/js/*.test.mjs
    else
        echo "run.sh: no Node 18 or newer, so src/test/js is not run (Debian, Ubuntu: apt install nodejs)" >&2
    fi
}

# The tests of the page look for a browser themselves (page/Browsers.java); this installs Debian's where there is none.
provide_browser() {
    local name
    [[ -z ${TINDERBOX_BROWSER:-} ]] || return 0
    for name in chromium chromium-browser google-chrome google-chrome-stable microsoft-edge microsoft-edge-stable; do
        ! command -v "$name" >/dev/null || return 0
    done
    provide "no browser is installed" chromium fonts-liberation
}

# One test puts an nginx before the server, and is skipped where there is none.
provide_nginx() {
    ! command -v nginx >/dev/null && [[ ! -x /usr/sbin/nginx ]] || return 0
    provide "no nginx is installed" nginx-light
}

# Installs packages for the tests, where this is Debian and its root.
provide() {
    local why=$1 log
    shift
    [[ $EUID -eq 0 ]] && grep -qsx 'ID=debian' /etc/os-release || return 0
    echo "run.sh: $why; installing Debian's package $1 for the tests…" >&2
    log=$(mktemp)
    # Nothing is to run but what the tests start themselves.
    if ! { quiet_apt 180 update && RUNLEVEL=1 quiet_apt 600 install --no-install-recommends "$@"; } \
        >"$log" 2>&1 </dev/null; then
        tail -n 5 -- "$log" >&2
        echo "run.sh: $1 could not be installed (apt's last words are above); the tests try without" >&2
    fi
    rm -f -- "$log"
}

quiet_apt() {
    local seconds=$1
    shift
    DEBIAN_FRONTEND=noninteractive timeout -k 10 "$seconds" apt-get -qq -y \
        -o DPkg::Lock::Timeout=120 -o Acquire::Retries=2 -o Acquire::http::Timeout=30 "$@"
}

run_tests() {
    local now before status=0
    check_build_tools
    run_script_tests
    provide_browser
    provide_nginx
    before=$(mktemp)
    now=$(fingerprint)
    (cd -- "$root" && mvn -B -ntp clean verify "$@") </dev/null || status=$?
    if [[ $status -eq 0 && -f $jar ]]; then
        remember "$before" "$now"
    fi
    rm -f -- "$before"
    return "$status"
}

# Sets quick to the options that have the JVM take its classes from the archive that `warm` makes. Its name carries JDK,
# JAR and its own size (tinderbox.Archive names it so): a JVM leaves one alone that does not fit, and crashes with one
# that is cut short. With JAVA_OPTS that choose another garbage collector it may not fit; that the JVM need not tell.
find_archive() {
    local identity stem ending use file
    quick=()
    # Who chooses an archive by hand, or none, shall have it.
    [[ ! ${JAVA_OPTS:-} =~ -XX:(SharedArchiveFile|ArchiveClassesAtExit|AOT|Flags)|-Xshare ]] || return 0
    identity=$(stat -c '%s-%Y' -- "$jar" 2>/dev/null || stat -f '%z-%m' -- "$jar") || return 0
    stem=${jar%.jar}-$java_runtime-$identity ending=jsa use='-XX:SharedArchiveFile='
    if ((java_major >= 25)); then
        ending=aot use='-XX:AOTCache='
        quick+=('-Xlog:aot*=off')
    fi
    for file in "$stem".*."$ending"; do
        if [[ -f $file && $file == "$stem.$(($(wc -c <"$file"))).$ending" ]]; then
            quick+=("$use$file" '-Xlog:cds*=off')
            return
        fi
    done
    quick=()
    warm
}

# Makes the archive for the starts to come, once. In the background and at low priority, since whoever waits for this
# start should not wait for the next one's sake; twice removed, so that the server has no child that it does not know.
warm() {
    (nice -n 19 "$java_home/bin/java" -XX:TieredStopAtLevel=1 -Xmx64m -jar "$jar" warm </dev/null >/dev/null 2>&1 &)
}

# Runs the JAR with these arguments; without a command, it serves.
run_jar() {
    local options=("-Dtinderbox.command=$0") java_opts quick=()
    # Spark still uses sun.misc.Unsafe, of which newer JDKs warn at every start.
    if ((java_major >= 24)); then
        options+=(--sun-misc-unsafe-memory-access=allow)
    fi
    read -r -a java_opts <<<"${JAVA_OPTS:-}"
    case ${1:-} in
        -h | --help | -V | --version) ;;
        '' | -* | serve) find_archive ;;
    esac
    # An empty array counts as unset in older versions of bash.
    exec "$java_home/bin/java" "${options[@]}" ${quick[@]+"${quick[@]}"} \
        ${java_opts[@]+"${java_opts[@]}"} -jar "$jar" "$@"
}

# Runs a program of the test tree that starts the fat JAR as a process of its own.
run_test_program() {
    local program=$1 log others=$root/target/test-libraries
    shift
    check_build_tools
    log=$(mktemp)
    if ! (cd -- "$root" && mvn -B -q -ntp -Dspotless.check.skip -Dmdep.analyze.skip test-compile \
        dependency:build-classpath -Dmdep.outputFile="$others") >"$log" 2>&1 </dev/null; then
        cat -- "$log" >&2
        rm -f -- "$log"
        die "the tests could not be compiled; Maven's errors are above"
    fi
    rm -f -- "$log"
    exec "$java_home/bin/java" -Xmx512m -Dtinderbox.jar="$jar" \
        -cp "$root/target/test-classes:$root/target/classes:$(<"$others")" "$program" "$@"
}

# Java cannot read a JAR there, nor Maven build one.
[[ $root/ != *'!/'* ]] || die "Java cannot read a JAR in a folder whose name ends in \"!\" ($root); rename or move it"

find_java
case ${1:-} in
    test)
        shift
        run_tests "$@"
        ;;
    soak)
        shift
        build
        run_test_program tinderbox.fault.Soak "$@"
        ;;
    bench)
        shift
        build
        run_test_program tinderbox.bench.Bench "$@"
        ;;
    *)
        build
        run_jar "$@"
        ;;
esac
