# Finds Java and runs the JAR with it. For run.sh and for the command of the Debian package, which source this file: they
# set jar, define die, and set java_advice, the end of the message if there is no usable Java.

# Sets java_home, java_version and java_runtime. Starts a JVM only if Java's release file does not have them.
find_java() {
    local java
    if [[ -n ${JAVA_HOME:-} ]]; then
        java_home=$JAVA_HOME
        [[ -x $java_home/bin/java ]] || die "JAVA_HOME ($JAVA_HOME) has no bin/java; $java_advice"
    else
        java=$(command -v java) || die "Java was not found; $java_advice"
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
            die "$java_home/bin/java does not start; $java_advice"
        java_version=$(sed -n 's/^ *java\.version = //p' <<<"$settings")
        java_runtime=$(sed -n 's/^ *java\.runtime\.version = //p' <<<"$settings")
        java_home=$(sed -n 's/^ *java\.home = //p' <<<"$settings")
    fi
    # 1.8.0_392 is Java 8.
    java_major=${java_version#1.}
    java_major=${java_major%%[!0-9]*}
    [[ ${java_major:-0} -ge 17 ]] ||
        die "Java ${java_version:-of an unknown version} ($java_home) is too old; $java_advice"
}

# Sets quick to the options with which the JVM maps its classes from the archive that `warm` creates; fails if there is
# none. The archive's name has the JDK, the JAR and its own size (see tinderbox.cli.CdsArchive): a JVM ignores an archive
# that does not match, but crashes with a truncated one. If JAVA_OPTS choose another garbage collector, it may not match;
# no warning is needed.
find_archive() {
    local identity stem ending use file
    quick=()
    # Respect an archive that the user chose, or the choice of none.
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
    return 1
}

# Becomes a JVM that runs the JAR with these arguments; without a command, it starts the server.
# command: what messages call the program. on_slow_start: run first if there is no archive for a start of the server.
run_jar() {
    local command=$1 on_slow_start=$2 options java_opts quick=()
    shift 2
    options=("-Dtinderbox.command=$command")
    # Spark still uses sun.misc.Unsafe; newer JDKs warn about it at every start.
    if ((java_major >= 24)); then
        options+=(--sun-misc-unsafe-memory-access=allow)
    fi
    read -r -a java_opts <<<"${JAVA_OPTS:-}"
    case ${1:-} in
        -h | --help | -V | --version) ;;
        '' | -* | serve | run) [[ ${!#} == --help ]] || find_archive || $on_slow_start ;;
        # They end before the better compiler would pay.
        submit | status | wait | result | log | list | cancel | rerun | delete | upload | open | completion)
            options+=(-XX:TieredStopAtLevel=1)
            ;;
    esac
    # Older versions of bash treat an empty array as unset.
    exec "$java_home/bin/java" "${options[@]}" ${quick[@]+"${quick[@]}"} \
        ${java_opts[@]+"${java_opts[@]}"} -jar "$jar" "$@"
}
