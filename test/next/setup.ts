import { packPackages } from './install.js';

/** Packs the packages once before a run, not in each worker. */
export default packPackages;
