import { serve } from 'srvx';
import app from './dist/server/server.js';

serve({ fetch: app.fetch, port: process.env.PORT, hostname: 'localhost' });
