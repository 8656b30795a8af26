/** The SQL query as a job type: what it may say, the datasets that are its tables, and how its rows become a result. */
package tinderbox.jobtype.sql;
