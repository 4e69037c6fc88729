"""Hooks of schemathesis: where a right identifier or time was generated, one that exists takes its place.

Generated ones are of nobody and nothing, so without this every answer would be a refusal. What was generated to be
wrong stays as it is. What exists comes from CONVENE_TEST_THINGS: lists by the name of the field or parameter.
"""

import datetime
import json
import os
import random
import uuid

import schemathesis

THINGS = json.loads(os.environ["CONVENE_TEST_THINGS"])


def is_id(value):
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


def is_time(value):
    try:
        return isinstance(value, str) and datetime.datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def real(name, value):
    if name == "scheduledStartTime" and is_time(value):
        ahead = datetime.timedelta(hours=random.randrange(48, 54))  # few, so that some are taken by then
        return (datetime.datetime.now(datetime.UTC) + ahead).strftime("%Y-%m-%dT%H:00:00Z")
    if name not in THINGS:
        return value
    if isinstance(value, list) and value and all(map(is_id, value)):
        return random.sample(THINGS[name], min(len(value), len(THINGS[name])))
    return random.choice(THINGS[name]) if is_id(value) else value


def all_real(values):
    return {name: real(name, value) for name, value in values.items()} if isinstance(values, dict) else values


@schemathesis.hook
def map_body(context, body):
    """A booking also gets the people that its kind wants, and loses those that it does not."""
    body = all_real(body)
    if isinstance(body, dict) and context.operation.path.endswith("/book") and random.random() < 0.7:
        kind = body.get("kind")
        unwanted = {"studentId"} if kind == "class_session" else {"studentIds"}
        unwanted |= {"mentorId"} if kind == "comm_session" else {"counselorId"}
        for name in unwanted:
            if name in body and body[name] in (*THINGS.get(name, ()), THINGS.get(name)):
                del body[name]
    return body


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    values = all_real(path_parameters)
    if isinstance(values, dict) and "/sessions/" in context.operation.path and is_id(values.get("id")):
        values["id"] = random.choice(THINGS["session"])
    return values


@schemathesis.hook
def map_query(context, query):
    return all_real(query)


@schemathesis.hook
def map_headers(context, headers):
    return all_real(headers)
