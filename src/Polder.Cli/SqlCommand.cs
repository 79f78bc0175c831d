using System;
using System.Buffers;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Cli.Output;
using Polder.Columns;
using Polder.Expressions;
using Polder.Formats;
using Polder.Sql;

namespace Polder.Cli;

/// <summary><c>sql TEXT</c>: statements over the tables of a warehouse folder.</summary>
internal static class SqlCommand
{
    private const string Results = "results";

    public static Command Create(Terminal terminal)
    {
        Argument<string> text = new("TEXT")
        {
            Description = "Statements, with ; between them; - reads them from standard input.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string> file = new("-f", "--file")
        {
            Description = "Read the statements from a file.", HelpName = "FILE",
        };
        Option<string> warehouse = new("--warehouse")
        {
            Description = "The folder whose subfolders are the tables.",
            HelpName = "DIR",
            DefaultValueFactory = _ => ".",
        };
        Option<string> engine = new("--engine") { Description = "Where the statements run.", HelpName = "local" };
        Option<string[]> parameters = new("--param")
        {
            Description = "The value of :name, as text or of a type; may be given several times.",
            HelpName = "NAME[:TYPE]=VALUE",
        };
        Option<string[]> points = new("--at")
        {
            Description = "Reads a table at a version or a time; may be given several times.",
            HelpName = "TABLE=VERSION|TIME",
        };
        RowOptions rows = new();
        Option<string> format = CommonOptions.Format(
            "How rows are printed; results gives one JSON line a statement and goes on after errors",
            [.. RowOptions.Formats, Results]);
        Command command = new("sql", "Run SQL: tables by name in the warehouse folder, or delta.`path`.")
        {
            text, file, warehouse, parameters, points, format, rows.Output, rows.Limit, engine,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(engine) is string name and not "local")
            {
                throw new UnsupportedFeatureException($"--engine {name}", "statements run locally");
            }

            string script = await ScriptAsync(
                terminal, parsed.GetValue(text), parsed.GetValue(file), cancellationToken).ConfigureAwait(false);
            SqlSession session = new(new SqlSessionOptions { WarehousePath = parsed.GetValue(warehouse) });
            SqlQueryOptions options = new()
            {
                Parameters = ParametersOf(parsed.GetValue(parameters) ?? []),
                Tables = PointsOf(parsed.GetValue(points) ?? []),
            };
            string? asked = parsed.GetValue(format);
            return asked == Results
                ? await PrintResultsAsync(terminal, session, options, script, cancellationToken).ConfigureAwait(false)
                : await PrintRowsAsync(
                    terminal, session, options, script, rows.Read(parsed, terminal, asked), cancellationToken)
                    .ConfigureAwait(false);
        });
        return command;
    }

    private static Dictionary<string, Literal> ParametersOf(IEnumerable<string> assignments)
    {
        Dictionary<string, Literal> parameters = [];
        foreach (string assignment in assignments)
        {
            try
            {
                (string name, Literal value) = SqlParameter.ParseAssignment(assignment);
                parameters[name] = value;
            }
            catch (QueryException exception)
            {
                throw new UsageException($"--param {assignment}: {exception.Message}");
            }
        }

        return parameters;
    }

    // Without a point each statement of a script sees the newest version.
    private static PinnedTables? PointsOf(string[] assignments)
    {
        Dictionary<string, TimePoint> points = [];
        foreach (string assignment in assignments)
        {
            string[] sides = assignment.Split('=', 2);
            try
            {
                points[sides[0]] = sides.Length == 2
                    ? TimePoint.Parse(sides[1])
                    : throw new UsageException($"--at {assignment}: write TABLE=VERSION or TABLE=TIME");
            }
            catch (QueryException exception)
            {
                throw new UsageException($"--at {assignment}: {exception.Message}");
            }
        }

        return points.Count == 0 ? null : new PinnedTables(points);
    }

    private static async Task<string> ScriptAsync(
        Terminal terminal, string? text, string? file, CancellationToken cancellationToken)
    {
        if (text is null == file is null)
        {
            throw new UsageException("sql takes statements, or -f FILE");
        }

        if (file is not null)
        {
            return await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false);
        }

        if (text != "-")
        {
            return text!;
        }

        using StreamReader input = new(terminal.Input, Encoding.UTF8, leaveOpen: true);
        return await input.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> PrintRowsAsync(
        Terminal terminal,
        SqlSession session,
        SqlQueryOptions options,
        string script,
        RowSettings settings,
        CancellationToken cancellationToken)
    {
        try
        {
            await foreach (StatementResult result in session.ExecuteAsync(script, options, cancellationToken)
                .ConfigureAwait(false))
            {
                await RowOutput.WriteAsync(terminal, result.Schema, result.Batches, settings, cancellationToken)
                    .ConfigureAwait(false);
            }

            return ExitCode.Done;
        }
        catch (QueryException error)
        {
            throw new QueryFailure(error, script);
        }
    }

    private static async Task<int> PrintResultsAsync(
        Terminal terminal,
        SqlSession session,
        SqlQueryOptions options,
        string script,
        CancellationToken cancellationToken)
    {
        bool failed = false;
        foreach (SqlStatement statement in SqlStatement.Split(script))
        {
            ArrayBufferWriter<byte> line = new();
            try
            {
                await WriteResultAsync(line, session, options, statement, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                failed = true;
                line.Clear();
                WriteError(line, error);
            }

            await terminal.Text.WriteLineAsync(Encoding.UTF8.GetString(line.WrittenSpan)).ConfigureAwait(false);
        }

        return failed ? ExitCode.Failed : ExitCode.Done;
    }

    private static async Task WriteResultAsync(
        ArrayBufferWriter<byte> line,
        SqlSession session,
        SqlQueryOptions options,
        SqlStatement statement,
        CancellationToken cancellationToken)
    {
        StatementResult result = await session.ExecuteAsync(statement, options, cancellationToken)
            .ConfigureAwait(false);
        using Utf8JsonWriter json = JsonText.Open(line);
        json.WriteStartObject();
        json.WriteStartArray("schema");
        foreach (StructField field in result.Schema.Fields)
        {
            json.WriteStartObject();
            json.WriteString("name", field.Name);
            json.WriteString("type", field.Type.ToString());
            json.WriteBoolean("nullable", field.Nullable);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("rows");
        await foreach (RecordBatch batch in result.Batches.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            for (int row = 0; row < batch.Length; row++)
            {
                json.WriteStartArray();
                for (int column = 0; column < batch.ColumnCount; column++)
                {
                    RowJson.WriteValue(json, batch.Column(column), result.Schema.Fields[column].Type, row);
                }

                json.WriteEndArray();
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteError(ArrayBufferWriter<byte> line, Exception error)
    {
        (string condition, string? sqlState) = error switch
        {
            QueryException query => (query.Condition, query.SqlState),
            UnsupportedFeatureException => (QueryException.Unsupported, "0A000"),
            _ => ("POLDER_FAILED", null),
        };
        using Utf8JsonWriter json = JsonText.Open(line);
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("condition", condition);
        json.WriteString("sqlState", sqlState);
        json.WriteString("message", error.Message);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
