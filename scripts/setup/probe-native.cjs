/** Loads tfjs-node from the folder given, runs one operation, and prints the version of libtensorflow as JSON. */

const util = require('node:util');

// tfjs-node still calls these two, which Node 23 removed.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

const tf = require(process.argv[2]);
const [product] = tf.matMul([[1, 2]], [[3], [4]]).dataSync();
if (product !== 11) throw new Error(`[1 2] times [3 4] must be 11, but the native backend found ${product}`);
console.log(JSON.stringify({ libtensorflow: tf.backend().binding.TF_Version }));
