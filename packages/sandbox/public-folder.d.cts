/** Where the pages of the sandbox are, with a slash at the end. */
declare const publicFolder: string;
export = publicFolder;
