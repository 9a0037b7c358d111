/** How the user calls us, for the commands that we suggest. */

/** npm sets the variable for everything that it starts: `npm start` in a checkout, `npx` in a project. */
export const commandName = process.env['npm_command'] === undefined ? 'nightsweep' : 'npx nightsweep';
