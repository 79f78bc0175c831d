using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Polder.Expressions;
using Polder.Files;
using Polder.Storage;
using Polder.Storage.Local;

namespace Polder.Cli.Parquet;

/// <summary><c>parquet meta|schema|pages|cat|scan FILE</c>: look into a file that need not be of a table.</summary>
internal static class ParquetCommand
{
    public static Command Create(Terminal terminal) => new("parquet", "Look inside a Parquet file.")
    {
        MetaCommand.Create(terminal),
        SchemaCommand.Create(terminal),
        PagesCommand.Create(terminal),
        CatCommand.Create(terminal),
        ScanCommand.Create(terminal),
    };

    public static Option<string> Where() => new("--where")
    {
        Description = "Show what a read of the rows for which this SQL condition is true leaves out, and why.",
        HelpName = "CONDITION",
    };

    public static Argument<string> File() => new("FILE") { Description = "A Parquet file." };

    /// <summary>A read of the rows for which a condition is true; of all where there is none.</summary>
    public static ParquetReadOptions Choose(
        ParquetFileReader reader, IReadOnlyList<string>? columns, string? where) => new()
        {
            Columns = columns,
            Predicate = where is null
                ? null
                : ExpressionAnalyzer.AnalyzeCondition(where, reader.Footer.Schema.ToDataType()),
            FiltersRows = where is not null,
        };

    /// <summary>What a condition leaves out, by row group; null where there is none.</summary>
    public static async ValueTask<IReadOnlyList<RowGroupPruning>?> ExplainAsync(
        ParquetFileReader reader,
        IReadOnlyList<string>? columns,
        string? where,
        CancellationToken cancellationToken) => where is null
        ? null
        : await reader.ExplainAsync(Choose(reader, columns, where), cancellationToken).ConfigureAwait(false);

    public static ValueTask<ParquetFileReader> OpenAsync(
        Engine engine, string path, CancellationToken cancellationToken)
    {
        string full = Path.GetFullPath(path);
        return ParquetFileReader.OpenAsync(
            engine,
            new LocalStore(Path.GetDirectoryName(full) ?? full),
            new StorePath(Path.GetFileName(full)),
            cancellationToken: cancellationToken);
    }
}
