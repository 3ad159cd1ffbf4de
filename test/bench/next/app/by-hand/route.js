import { headers } from 'next/headers';
import { NextResponse } from 'next/server';
import { headersByHand, identityByHand } from '../../../app.js';

export async function GET() {
  await headers(); // makes the route dynamic, as reading a session would
  return NextResponse.json(identityByHand(), { headers: headersByHand });
}
