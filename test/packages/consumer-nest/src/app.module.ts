import { Module } from '@nestjs/common';
import { AppController } from './app.controller';
import { ChatwootController } from './chatwoot.controller';

@Module({ controllers: [AppController, ChatwootController] })
export class AppModule {}
