import { headers } from 'next/headers';
import { NextResponse } from 'next/server';
import { headersByHand, identityByHand } from '../../../app.js';

export async function GET() {
  await headers(); // where the session would be: makes the route dynamic
  return NextResponse.json(identityByHand(), { headers: headersByHand });
}
