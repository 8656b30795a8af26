/** What runs in the executors of a cluster beside the tasks, and how executors and the driver talk. */
package tinderbox.executor;
