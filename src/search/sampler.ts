/** A sampler that does not react to results: an endless list of points of the unit cube. Pure. */

/** Coordinates in [0, 1) of the point with this index, from 0; equal arguments, equal points. */
export type PointSampler = (index: number) => readonly number[];
