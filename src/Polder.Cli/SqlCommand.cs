using System;
using System.Buffers;
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
        RowOptions rows = new();
        Option<string> format = CommonOptions.Format(
            "How rows are printed; results gives one JSON line a statement and goes on after errors",
            [.. RowOptions.Formats, Results]);
        Command command = new("sql", "Run SQL: tables by name in the warehouse folder, or delta.`path`.")
        {
            text, file, warehouse, format, rows.Output, rows.Limit, engine,
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
            string? asked = parsed.GetValue(format);
            return asked == Results
                ? await PrintResultsAsync(terminal, session, script, cancellationToken).ConfigureAwait(false)
                : await PrintRowsAsync(
                    terminal, session, script, rows.Read(parsed, terminal, asked), cancellationToken)
                    .ConfigureAwait(false);
        });
        return command;
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
        string script,
        RowSettings settings,
        CancellationToken cancellationToken)
    {
        try
        {
            await foreach (StatementResult result in session.ExecuteAsync(script, cancellationToken)
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
        Terminal terminal, SqlSession session, string script, CancellationToken cancellationToken)
    {
        bool failed = false;
        foreach (SqlStatement statement in SqlStatement.Split(script))
        {
            ArrayBufferWriter<byte> line = new();
            try
            {
                await WriteResultAsync(line, session, statement, cancellationToken).ConfigureAwait(false);
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
        ArrayBufferWriter<byte> line, SqlSession session, SqlStatement statement, CancellationToken cancellationToken)
    {
        StatementResult result = await session.ExecuteAsync(statement, cancellationToken).ConfigureAwait(false);
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
