# shellcheck shell=bash
# Apache Kafka: one node, broker and controller in one process. Sourced by servers.sh.

kafka=${here:?}/kafka
kafka_jars=$CACHE/kafka-$(sha256sum "$kafka/pom.xml" | cut -c 1-12) # another pom.xml, other jars
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

kafka_prepare() {
  local version
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p') || true
  [ "${version:-0}" -ge 17 ] ||
    fail "Java 17 or later is missing, which Kafka needs: apt-get install openjdk-17-jre-headless"
  if [ ! -d "$kafka_jars" ]; then kafka_fetch; fi
  mkdir -p "$RUN/kafka"
  remember SAMBAND_KAFKA_HOST 127.0.0.1
  remember SAMBAND_KAFKA_ADMIN admin
  secret SAMBAND_KAFKA_ADMIN_PASSWORD
  if ! alive kafka; then
    port SAMBAND_KAFKA_PORT
    port SAMBAND_KAFKA_CONTROLLER_PORT
  fi
  remember SAMBAND_KAFKA_BOOTSTRAP "$SAMBAND_KAFKA_HOST:$SAMBAND_KAFKA_PORT"
  remember SAMBAND_KAFKA_SECURITY_PROTOCOL SASL_PLAINTEXT
  remember SAMBAND_KAFKA_SASL_MECHANISM SCRAM-SHA-512
  remember SAMBAND_KAFKA_DATA "$RUN/kafka/data"
  if ! grep -q ^SAMBAND_PROFILE= "$SETTINGS"; then remember SAMBAND_PROFILE local; fi # else the one chosen stays
  if [ ! -f "$SAMBAND_KAFKA_DATA/meta.properties" ]; then kafka_format; fi
}

kafka_fetch() {
  local new log=$CACHE/kafka-fetch.log
  command -v mvn >/dev/null || fail "Maven is missing, which fetches Kafka: apt-get install maven"
  mkdir -p "$CACHE"
  exec 8>"$CACHE/kafka-fetch.lock"
  flock 8 # Maven's own folder takes one at a time
  if [ -d "$kafka_jars" ]; then
    exec 8>&-
    return
  fi
  echo "Fetching Kafka …" >&2
  new=$(mktemp -d "$CACHE/kafka-new-XXXXXX")
  if ! mvn --batch-mode --quiet --strict-checksums --file "$kafka/pom.xml" "-Dmaven.repo.local=$CACHE/maven" \
    dependency:copy-dependencies "-DoutputDirectory=$new" >"$log" 2>&1; then
    rm -rf "$new"
    fail "Maven could not fetch Kafka: $log"
  fi
  mv --no-target-directory "$new" "$kafka_jars"
  exec 8>&-
}

kafka_format() { # the arguments stand in a file, so that no list of processes shows the password
  local arguments=$RUN/kafka/format.args log=$RUN/kafka/format.log id
  id=$(head -c 16 /dev/urandom | base64 | tr '+/' 'ab' | tr -d =)
  printf '%s\n' "-cp \"$kafka_jars/*\"" kafka.tools.StorageTool "format --ignore-formatted --cluster-id $id" \
    "--config \"$kafka/server.properties\"" \
    "--add-scram \"SCRAM-SHA-512=[name=$SAMBAND_KAFKA_ADMIN,password=$SAMBAND_KAFKA_ADMIN_PASSWORD]\"" >"$arguments"
  if ! kafka_java "@$arguments" >"$log" 2>&1; then
    rm -f "$arguments"
    fail "Kafka's data folder could not be formatted: $log"
  fi
  rm -f "$arguments" "$log"
}

kafka_java() { # ARGUMENT…: with the settings in the environment, where the files of properties take them from
  (
    export "${!SAMBAND_KAFKA_@}"
    exec "$java" "-Dlog4j2.configurationFile=$kafka/log4j2.properties" -Dsamband.log=warn "$@"
  )
}

kafka_start() {
  (
    export "${!SAMBAND_KAFKA_@}"
    ulimit -n "$(ulimit -H -n)" # each partition keeps several files open
    # shellcheck disable=SC2086
    spawn kafka "$java" ${KAFKA_HEAP_OPTS:--Xms512m -Xmx2g} -XX:+UseG1GC -XX:MaxGCPauseMillis=20 \
      "-XX:ErrorFile=$RUN/kafka/crash.log" "-Dlog4j2.configurationFile=$kafka/log4j2.properties" \
      -cp "$kafka_jars/*" kafka.Kafka "$kafka/server.properties"
  )
}

kafka_answers() { # to ApiVersions version 0, request 1, which needs no login
  grep -q 'Kafka Server started' "$RUN/kafka/log" &&
    [[ $(ask "$SAMBAND_KAFKA_PORT" '\0\0\0\12\0\22\0\0\0\0\0\1\377\377' 10 | od -An -tx1) == *'00 00 00 01 00 00' ]]
}

kafka_address() {
  echo "$SAMBAND_KAFKA_BOOTSTRAP"
}

kafka_tool() { # CLASS ARGUMENT…: one of Kafka's own programs, as the super user
  local class=${1-}
  if [ -z "$class" ] || [ -z "${SAMBAND_KAFKA_BOOTSTRAP-}" ]; then
    fail "tool needs a running Kafka and a class of org.apache.kafka.tools, as in: servers.sh tool TopicCommand --list"
  fi
  shift
  if [[ $class != *.* ]]; then class=org.apache.kafka.tools.$class; fi
  kafka_java -cp "$kafka_jars/*" "$class" \
    --bootstrap-server "$SAMBAND_KAFKA_BOOTSTRAP" --command-config "$kafka/admin.properties" "$@"
}
