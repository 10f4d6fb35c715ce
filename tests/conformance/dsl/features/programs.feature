Feature: Programs

  Scenario: a command with input and arguments
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: shell, version: '1.0.0' }
    do:
      - greet:
          input: { from: .message }
          run:
            shell:
              stdin: ${ . }
              command: |
                input=$(cat)
                echo "STDIN was: $input"
                echo "ARGS are $1 $2"
              arguments: [Foo, Bar]
    """
    And given the workflow input is:
    """yaml
    message: Hello World
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    "STDIN was: Hello World\nARGS are Foo Bar"
    """

  Scenario: everything that a command says
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: shell-all, version: '1.0.0' }
    do:
      - all:
          run: { shell: { command: 'echo out; echo err >&2; exit 4' }, return: all }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    { code: 4, stdout: out, stderr: err }
    """

  Scenario: a command that fails is a runtime error
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: shell-fails, version: '1.0.0' }
    do:
      - list: { run: { shell: { command: 'echo no such luck >&2; exit 2' } } }
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://serverlessworkflow.io/spec/1.0.0/errors/runtime
    status: 500
    instance: /do/0/list
    """

  Scenario: a script in JavaScript
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: javascript, version: '1.0.0' }
    do:
      - add:
          run:
            script:
              language: javascript
              stdin: ${ . }
              arguments: ['3']
              environment: { C: '4' }
              code: |
                let text = '';
                for await (const part of process.stdin) text += part;
                const [_, __, b] = process.argv;
                console.log(JSON.stringify({ sum: JSON.parse(text).a + +b + +process.env.C }));
          output: { as: '${ fromjson }' }
    """
    And given the workflow input is:
    """yaml
    a: 2
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    sum: 9
    """

  Scenario: a script in Python
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: python, version: '1.0.0' }
    do:
      - double:
          run:
            script:
              language: python
              arguments: ['${ .word }']
              code: |
                import sys
                print(sys.argv[1] * 2)
    """
    And given the workflow input is:
    """yaml
    word: ma
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    mama
    """

  Scenario: a container is refused, and what belongs to it is no second mistake
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: container, version: '1.0.0' }
    do:
      - a: { run: { container: { image: hello-world }, return: all } }
    """
    When the workflow is executed
    Then the workflow should be refused with:
    """
    `run: container` is not supported
    """

  Scenario: a script in JavaScript with arguments by name
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: features, name: script-names, version: '1.0.0' }
    do:
      - log:
          run:
            script:
              language: javascript
              arguments:
                message: ${ .message }
              code: >
                console.log(message)
    """
    And given the workflow input is:
    """yaml
    message: Hello World
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    Hello World
    """
