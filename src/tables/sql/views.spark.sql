-- Spark: the tables of one run, or of shards put together (fupan merge --edits), named as the other files expect.
-- Run in the folder that holds data/:  spark-sql -i data/sql/views.spark.sql -f data/sql/completion.sql
-- Several runs or shards at once: a pattern in the path, such as parquet.`shard-*/campaigns.parquet`.
CREATE OR REPLACE TEMP VIEW campaigns AS SELECT * FROM parquet.`data/campaigns.parquet`;
CREATE OR REPLACE TEMP VIEW goals AS SELECT * FROM parquet.`data/goals.parquet`;
CREATE OR REPLACE TEMP VIEW channels AS SELECT * FROM parquet.`data/channels.parquet`;
CREATE OR REPLACE TEMP VIEW budget AS SELECT * FROM parquet.`data/budget.parquet`;
CREATE OR REPLACE TEMP VIEW actions AS SELECT * FROM parquet.`data/actions.parquet`;
CREATE OR REPLACE TEMP VIEW problems AS SELECT * FROM parquet.`data/problems.parquet`;
CREATE OR REPLACE TEMP VIEW experience AS SELECT * FROM parquet.`data/experience.parquet`;
CREATE OR REPLACE TEMP VIEW findings AS SELECT * FROM parquet.`data/findings.parquet`;
CREATE OR REPLACE TEMP VIEW roster AS SELECT * FROM parquet.`data/roster.parquet`;
CREATE OR REPLACE TEMP VIEW conflicts AS SELECT * FROM parquet.`data/conflicts.parquet`;
CREATE OR REPLACE TEMP VIEW edits AS SELECT * FROM parquet.`data/edits.parquet`;
CREATE OR REPLACE TEMP VIEW files AS SELECT * FROM parquet.`data/files.parquet`;
