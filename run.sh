#!/usr/bin/env bash
# ./run.sh [OPTIONS…]           builds Tinderbox if something has changed, and starts the server
# ./run.sh run TYPE [ARGS…]     builds it, and runs one job without a server; docs/commands.md has the rest
# ./run.sh COMMAND [ARGS…]      builds it, and runs any command that ./run.sh --help names, such as token or backup
# ./run.sh master [OPTIONS…]    builds it, and runs the master of a Spark cluster; docs/cluster.md has the rest
# ./run.sh worker URL [OPTIONS…]   builds it, and runs a worker of the cluster with this master
# ./run.sh test [ARGS…]         builds it and runs every test; ARGS are passed to Maven
# ./run.sh docs-check [FILE…]   runs the commands that the documents mark for it, and lists the others with their reasons
# ./run.sh soak [--rounds N] [--seed S]   kills a server N times under load (default 200), and counts lost jobs
# ./run.sh soak --jobs N        sends N jobs through one server, and reports what it holds afterwards
# ./run.sh soak --fuzz N        sends N nearly valid requests; the server must never respond with a failure
# ./run.sh soak --api [--minutes N]   lets schemathesis test the API against its description, for an hour or N minutes
# ./run.sh soak --attack        measures how quickly a stranger is served, under an attack and without
# ./run.sh soak --class [--minutes N]   has 30 users on a private server; none may see anything of another
# ./run.sh soak --cluster       breaks a cluster in every way that takes long, and prints what users see of it
# ./run.sh soak --sql [PART] [--statements N] [--seed S]   asks many queries: TPC-H (tpch), those of Spark's own tests
#                               (golden), some that fill the memory (memory), and N statements made by chance (fuzz,
#                               default 100,000)
# ./run.sh bench                runs all benchmarks below, one after another, except functions
# ./run.sh bench words          compares the word count with other tools. --rounds N counts N times; --texts chooses from
#                               english,small,distinct,line,many and large (1 GB, only if named)
# ./run.sh bench words --bounded   measures the server's memory with growing inputs; --megabytes N,N,… sets their sizes
# ./run.sh bench functions      measures single functions with JMH, and takes its options
# ./run.sh bench live           measures event streams: their delay, and what they cost
# ./run.sh bench start          measures a start, with and without the archive of classes
# ./run.sh bench page           measures the page in a real browser: its first view, and its speed with 100,000 jobs
# ./run.sh bench class          measures the page and the events with 10,000 jobs in the list and 30 clients that watch it
# ./run.sh bench cluster        compares local mode with clusters of one and two workers; --rounds N counts 1 GB N times
# ./run.sh bench server [JOBS]  measures submissions, complete jobs, and reads of jobs, lists (of 1,000,000), logs and
#                               results
# ./run.sh bench sql            measures queries beside DuckDB, a Spark session and spark-submit. --parts chooses from
#                               start,small,tpch,trips,rows; --rounds N runs each query N times; --queries N,N,… or all
#                               are the TPC-H queries that a new spark-submit answers, too
# ./run.sh deb                  builds the Debian package target/tinderbox_VERSION_all.deb; docs/install.md has the rest
# ./run.sh reproduce            builds the last commit twice, in other folders, time zones and languages, and compares
# JAVA_HOME chooses the JDK; JAVA_OPTS is passed to the JVM.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
jar=$root/target/tinderbox.jar
built_from=$root/target/tinderbox.jar.built-from
inputs=(pom.xml .mvn src/main sample-data)
java_advice='install JDK 17 or newer (Debian, Ubuntu: apt install openjdk-17-jdk) or set JAVA_HOME to one'

die() {
    echo "run.sh: $*" >&2
    exit 1
}

# shellcheck source=src/packaging/launch.sh
source "$root/src/packaging/launch.sh"

check_build_tools() {
    local advice="install Maven 3.8 or newer (Debian, Ubuntu: apt install maven)" version
    [[ -x $java_home/bin/javac ]] ||
        die "$java_home can run Java but not compile it; install a JDK (Debian, Ubuntu: apt install openjdk-17-jdk)"
    export JAVA_HOME=$java_home
    command -v mvn >/dev/null || die "Maven was not found; $advice"
    version=$(mvn -v 2>/dev/null | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p') || true
    [[ $version =~ ^([0-9]+)\.([0-9]+) ]] || die "mvn -v does not print its version; $advice"
    ((BASH_REMATCH[1] > 3 || (BASH_REMATCH[1] == 3 && BASH_REMATCH[2] >= 8))) ||
        die "Maven $version is too old; $advice"
}

# The names and checksums of all files that go into the JAR, so that a deleted or restored file counts as a change.
fingerprint() {
    cd -- "$root"
    local present=() input
    for input in "${inputs[@]}"; do
        [[ ! -e $input ]] || present+=("$input")
    done
    find "${present[@]}" -type f -exec cksum {} + | LC_ALL=C sort
}

# True if no file was touched since the contents were last compared. Far quicker than comparing them. Adding, renaming
# or deleting a file touches its folder.
untouched() {
    local touched
    [[ -f $jar && -f $built_from ]] &&
        touched=$(cd -- "$root" && find "${inputs[@]}" -cnewer "$built_from" 2>&1) && [[ -z $touched ]]
}

# Records what the JAR is built from: the fingerprint, with the time before it was taken.
remember() {
    local before=$1 now=$2
    echo "$now" >"$built_from"
    touch -r "$before" "$built_from"
    rm -f -- "$before"
}

# On a terminal, keeps showing the progress of the build and its time: the first build downloads for minutes.
show_progress() {
    local log=$1 files done start=$SECONDS
    [[ -t 2 ]] || return 0
    # Must not outlive the script, however that ends.
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
    (cd -- "$root" && mvn -B -Dmaven.test.skip -Djavac.warnings=-nowarn -Dspotless.check.skip -Dmdep.analyze.skip \
        clean package) \
        >"$log" 2>&1 </dev/null || failed=true
    kill "$progress" 2>/dev/null || true
    wait "$progress" 2>/dev/null || true
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
    if $failed; then
        grep -Ev '^(\[INFO\]|\[WARNING\]|Download|Progress)' -- "$log" >&2 || cat -- "$log" >&2
        rm -f -- "$log" "$before"
        die "the build failed; Maven's errors are above"
    fi
    rm -f -- "$log"
    remember "$before" "$now"
}

# Tests the page's pure modules if Node is installed. The browser tests cover them in any case.
run_script_tests() {
    local version
    version=$(node --version 2>/dev/null) || true
    version=${version#v}
    if ((${version%%.*} + 0 >= 18)); then
        node --test "$root"/src/test/js/*.test.mjs
    else
        echo "run.sh: Node 18 or newer was not found; skipping src/test/js (Debian, Ubuntu: apt install nodejs)" >&2
    fi
}

# The tests of the page find a browser themselves (page/Browsers.java); this installs Debian's if there is none.
provide_browser() {
    local name
    [[ -z ${TINDERBOX_BROWSER:-} ]] || return 0
    for name in chromium chromium-browser google-chrome google-chrome-stable microsoft-edge microsoft-edge-stable; do
        ! command -v "$name" >/dev/null || return 0
    done
    provide "no browser is installed" chromium fonts-liberation
}

# One test puts nginx in front of the server, and is skipped if nginx is not installed.
provide_nginx() {
    ! command -v nginx >/dev/null && [[ ! -x /usr/sbin/nginx ]] || return 0
    provide "no nginx is installed" nginx-light
}

# The commands of the documents are run in a test, which is skipped without these programs.
provide_commands() {
    local name
    for name in curl jq unzip; do
        command -v "$name" >/dev/null || provide "no $name is installed" "$name"
    done
}

# Installs packages for the tests, if this is Debian and the user is root.
provide() {
    local why=$1 log
    shift
    [[ $EUID -eq 0 ]] && grep -qsx 'ID=debian' /etc/os-release || return 0
    echo "run.sh: $why; installing Debian's package $1 for the tests…" >&2
    log=$(mktemp)
    # RUNLEVEL=1 keeps the packages from starting services; the tests start what they need.
    if ! { quiet_apt 180 update && RUNLEVEL=1 quiet_apt 600 install --no-install-recommends "$@"; } \
        >"$log" 2>&1 </dev/null; then
        tail -n 5 -- "$log" >&2
        echo "run.sh: $1 could not be installed (the end of apt's output is above); the tests run without it" >&2
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
    provide_commands
    before=$(mktemp)
    now=$(fingerprint)
    (cd -- "$root" && mvn -B -ntp clean verify "$@") </dev/null || status=$?
    if [[ $status -eq 0 && -f $jar ]]; then
        remember "$before" "$now"
    fi
    rm -f -- "$before"
    return "$status"
}

# Creates the archive for later starts, once: in the background and at low priority, so that it does not delay this
# start. The double fork keeps it from becoming a child of the server.
warm() {
    (nice -n 19 "$java_home/bin/java" -XX:TieredStopAtLevel=1 -Xmx64m -jar "$jar" warm </dev/null >/dev/null 2>&1 &)
}

# Builds the last commit twice, and says whether the files have the same bytes.
reproduce() {
    local name same=true
    copies=$(mktemp -d)
    trap 'rm -rf -- "$copies"' EXIT
    echo "Building the last commit twice; this takes some minutes…" >&2
    build_copy one 022 UTC en
    build_copy 'another folder' 077 Asia/Tokyo tr
    cd -- "$copies/one/target"
    for name in tinderbox.jar *.deb; do
        [[ -f $name ]] || continue
        sha256sum "$copies"/*/target/"$name"
        cmp -- "$name" "$copies/another folder/target/$name" || same=false
    done
    $same || die "the builds differ"
}

# Clones the last commit and builds the JAR and, if possible, the Debian package.
build_copy() {
    local folder=$copies/$1
    (
        umask "$2"
        export TZ=$3 MAVEN_OPTS="${MAVEN_OPTS:-} -Duser.language=$4"
        git clone -q -- "$root" "$folder"
        if command -v dpkg-deb >/dev/null; then "$folder/run.sh" deb; else "$folder/run.sh" --version; fi >/dev/null
    )
}

# Lets a test program have a server in its own JVM, with the options and in the folder that the tests have.
prepare_for_spark() {
    local opened
    cd -- "$root"
    test_jvm=(-Xmx2g)
    for opened in $(sed -n 's/.*<spark\.add-opens>\(.*\)<.*/\1/p' "$root/pom.xml"); do
        test_jvm+=("--add-opens=$opened=ALL-UNNAMED")
    done
}

# Runs a program from the test tree, which starts the fat JAR in a process of its own or has a server in this one.
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
    exec "$java_home/bin/java" "${test_jvm[@]}" -Dtinderbox.jar="$jar" \
        -cp "$root/target/test-classes:$root/target/classes:$(<"$others")" "$program" "$@"
}

# Java cannot read a JAR there, and Maven cannot build one.
[[ $root/ != *'!/'* ]] || die "Java cannot read a JAR in a folder whose name ends in \"!\" ($root); rename or move it"

find_java
test_jvm=(-Xmx512m)
case ${1:-} in
    test)
        shift
        run_tests "$@"
        ;;
    docs-check)
        shift
        build
        run_test_program tinderbox.docs.DocsCheck "$@"
        ;;
    soak)
        shift
        build
        [[ ${1:-} != --sql ]] || prepare_for_spark
        run_test_program tinderbox.fault.Soak "$@"
        ;;
    bench)
        shift
        build
        run_test_program tinderbox.bench.Bench "$@"
        ;;
    deb)
        command -v dpkg-deb >/dev/null || die "dpkg-deb was not found; build the package on Debian or Ubuntu"
        build
        "$root/src/packaging/deb/build"
        ;;
    reproduce)
        check_build_tools
        reproduce
        ;;
    *)
        build
        run_jar "$0" warm "$@"
        ;;
esac
