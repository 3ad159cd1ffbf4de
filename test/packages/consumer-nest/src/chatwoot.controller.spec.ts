import { verifyIdentifierHash } from '@chatwoot-identity/core';
import type { INestApplication } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import request from 'supertest';
import { AppModule } from './app.module';
import { inbox } from './inbox';
import { setUp } from './setup';

describe('ChatwootController', () => {
  let app: INestApplication;

  beforeEach(async () => {
    const module: TestingModule = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = module.createNestApplication();
    setUp(app);
    await app.init();
  });

  afterEach(() => app.close());

  it('signs the user of the session', async () => {
    const agent = request.agent(app.getHttpServer());
    await agent.get('/chatwoot/identity').expect(401);
    await agent.post('/login').expect(204);
    const { body } = await agent.get('/chatwoot/identity').expect(200);
    expect(verifyIdentifierHash(inbox.hmacToken, 'user-1', body.identifier_hash)).toBe(true);
  });

  it('signs the user whom a guard authenticated', async () => {
    const server = app.getHttpServer();
    await request(server).get('/guarded/identity').expect(403);
    const { body } = await request(server)
      .get('/guarded/identity')
      .auth('of-ada', { type: 'bearer' })
      .expect(200);
    expect(verifyIdentifierHash(inbox.hmacToken, 'user-1', body.identifier_hash)).toBe(true);
  });

  it('injects the chat into the page', async () => {
    const { text } = await request(app.getHttpServer()).get('/').expect(200);
    expect(text).toContain(inbox.websiteToken);
  });
});
