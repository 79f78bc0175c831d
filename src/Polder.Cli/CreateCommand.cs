using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Delta;
using Polder.Expressions;
using Polder.Expressions.Syntax;

namespace Polder.Cli;

/// <summary><c>create TABLE --schema …</c>: an empty table.</summary>
internal static class CreateCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> table = CommonOptions.Table();
        Option<string> schema = SchemaOption();
        schema.Required = true;
        Option<string[]> partitionBy = PartitionByOption();
        Option<string[]> clusterBy = new("--cluster-by") { Description = "Not supported yet.", Hidden = true };
        Option<string[]> properties = new("--property")
        {
            Description = "A table property; may be given several times.",
            HelpName = "k=v",
        };
        Command command = new("create", "Make an empty table.") { table, schema, partitionBy, clusterBy, properties };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            terminal,
            parsed.GetValue(table)!,
            ParseSchema(parsed.GetValue(schema)!),
            parsed.GetValue(clusterBy) is { Length: > 0 }
                ? throw new UnsupportedFeatureException("--cluster-by", "clustered tables are not written yet")
                : Options(parsed.GetValue(partitionBy), parsed.GetValue(properties)),
            cancellationToken));
        return command;
    }

    public static Option<string> SchemaOption() => new("--schema")
    {
        Description = "The columns, as in CREATE TABLE: \"a BIGINT, b STRING NOT NULL\".",
        HelpName = "COLUMNS",
    };

    public static Option<string[]> PartitionByOption() => new("--partition-by")
    {
        Description = "A column, or year(c), month(c), day(c), hour(c); with commas or several times.",
        HelpName = "c",
    };

    /// <summary>The struct that the text of <c>--schema</c> describes.</summary>
    public static DataType ParseSchema(string text)
    {
        try
        {
            return TypeParser.ParseSchema(text);
        }
        catch (QueryException error)
        {
            throw new UsageException($"--schema: {error.Message}");
        }
    }

    public static TableOptions Options(string[]? partitionBy, string[]? properties) => new()
    {
        PartitionBy = CommonOptions.SplitList(partitionBy) ?? [],
        Properties = (properties ?? []).Select(Split).ToDictionary(pair => pair.Key, pair => pair.Value),
    };

    private static KeyValuePair<string, string> Split(string property)
    {
        int equals = property.IndexOf('=', System.StringComparison.Ordinal);
        return equals > 0
            ? KeyValuePair.Create(property[..equals].Trim(), property[(equals + 1)..].Trim())
            : throw new UsageException($"--property takes k=v, not '{property}'");
    }

    private static async Task<int> RunAsync(
        Terminal terminal, string path, DataType schema, TableOptions options, CancellationToken cancellationToken)
    {
        DeltaTable table = await DeltaTable.CreateAsync(path, schema, options, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        await terminal.Text.WriteLineAsync($"made {table.Location}, version 0").ConfigureAwait(false);
        return ExitCode.Done;
    }
}
