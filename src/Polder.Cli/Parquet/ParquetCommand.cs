using System.CommandLine;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
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

    public static Argument<string> File() => new("FILE") { Description = "A Parquet file." };

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
