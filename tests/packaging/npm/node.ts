import { talk } from './talk.js';

const [, , url = ''] = process.argv;
console.log(JSON.stringify(await talk(url)));
