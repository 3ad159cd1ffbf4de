import { packPackages } from './install.js';

/** Packs the packages once before the run, and not in each worker. */
export default packPackages;
