using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns.Rows;
using Polder.Parquet;
using Polder.Storage;
using Polder.Storage.Local;

namespace Polder.Files;

/// <summary>
/// A Parquet file of the local file system that belongs to no table. Holds its footer only, and may be read any number
/// of times. For files in other stores there is <see cref="ParquetFileReader"/>, for writing
/// <see cref="ParquetFileWriter"/>.
/// </summary>
public sealed class ParquetFile : IAsyncDisposable
{
    private readonly ParquetFileReader _reader;

    private ParquetFile(ParquetFileReader reader)
    {
        _reader = reader;
    }

    /// <summary>What the file says of itself.</summary>
    public ParquetFooter Footer => _reader.Footer;

    /// <summary>Rows of the file.</summary>
    public long RowCount => Footer.RowCount;

    /// <summary>All columns, in the forms that <see cref="Columns.ArrowTypes"/> gives.</summary>
    /// <exception cref="UnsupportedFeatureException">A column's type has no counterpart.</exception>
    public Schema Schema => _reader.Schema;

    internal ParquetFileReader Reader => _reader;

    /// <summary>Opens a file.</summary>
    /// <exception cref="CorruptFileException">It is no Parquet file, or broken.</exception>
    /// <exception cref="UnsupportedFeatureException">It is encrypted.</exception>
    /// <exception cref="StoreException">There is no such file, or it cannot be read.</exception>
    public static Task<ParquetFile> OpenAsync(string path, CancellationToken cancellationToken = default) =>
        OpenAsync(path, null, cancellationToken);

    /// <inheritdoc cref="OpenAsync(string, CancellationToken)"/>
    /// <param name="path">The file.</param>
    /// <param name="engine">Scheduler, memory and limits; null = <see cref="Engine.Default"/>.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public static async Task<ParquetFile> OpenAsync(
        string path, Engine? engine, CancellationToken cancellationToken = default)
    {
        (LocalStore store, StorePath name) = Locate(path);
        return new ParquetFile(await ParquetFileReader.OpenAsync(
            engine ?? Engine.Default, store, name, cancellationToken: cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The rows as batches.</summary>
    public FileScan Read() => new(_reader, null, null);

    /// <summary>The rows as instances of a type; only the columns that it has are read.</summary>
    public FileScan<T> Read<T>()
        where T : IPolderRow<T> => new(Read());

    /// <summary>Does nothing: an open file holds nothing that must be given back.</summary>
    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    internal static (LocalStore Store, StorePath Path) Locate(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        return (new LocalStore(Path.GetDirectoryName(full) ?? full), new StorePath(Path.GetFileName(full)));
    }
}
