using System;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Expressions;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;
using Polder.Storage.Memory;

namespace Polder.Fuzz.Forge;

/// <summary>Reads a whole file as a user does, and checks what every answer must have.</summary>
internal static class Reading
{
    private const int MostBatches = 256;
    private static readonly StorePath Path = new("input.parquet");

    /// <summary>Every target's engine: everything on the thread that asks.</summary>
    public static Engine Engine { get; } = new(new EngineOptions
    {
        Allocator = BufferAllocator.CreatePool(64 << 20, 64 << 20),
        Scheduler = new InlineScheduler(),
        Parallelism = 1,
        Seed = 1,
    });

    /// <summary>Waits for what completes on this thread.</summary>
    public static void Finish(Task task)
    {
        if (!task.IsCompleted)
        {
            throw new BrokenContractException("work left the thread");
        }

        task.GetAwaiter().GetResult();
    }

    /// <summary>An engine with other limits, otherwise like <see cref="Engine"/>.</summary>
    public static Engine WithLimits(Limits limits) => new(new EngineOptions
    {
        Allocator = Engine.Allocator,
        Scheduler = Engine.Scheduler,
        Parallelism = 1,
        Limits = limits,
    });

    /// <summary>Decodes the rows, or as many as are enough; the error must name the file.</summary>
    public static void ReadAll(ReadOnlySpan<byte> file, Engine? engine = null)
    {
        byte[] copy = file.ToArray();
        try
        {
            Finish(ReadAllAsync(engine ?? Engine, copy));
        }
        catch (CorruptFileException exception)
        {
            CheckNothingRented();
            if (exception.Path?.EndsWith(Path.Value, StringComparison.Ordinal) != true)
            {
                throw new BrokenContractException("the error does not name its file", exception);
            }

            throw;
        }

        CheckNothingRented();
    }

    private static void CheckNothingRented()
    {
        if (Engine.Allocator.RentedBytes != 0)
        {
            throw new BrokenContractException($"{Engine.Allocator.RentedBytes} bytes stay rented");
        }
    }

    private static async Task ReadAllAsync(Engine engine, byte[] file)
    {
        MemoryStore store = new();
        await store.PutAsync(Path, file, PutMode.Create);
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(engine, store, Path);
        await ReadAsync(reader, new ParquetReadOptions { BatchRows = 1000 });
        if (FindPredicate(reader.Footer) is Expression predicate)
        {
            // Through statistics and the page index, a column decoded before the others.
            await ReadAsync(reader, new ParquetReadOptions
            {
                BatchRows = 1000, Predicate = predicate, FiltersRows = true, RowIndexColumn = "fuzz_position",
            });
        }
    }

    private static async Task ReadAsync(ParquetFileReader reader, ParquetReadOptions options)
    {
        int batchCount = 0;
        await foreach (RecordBatch batch in reader.ReadAsync(options))
        {
            if (++batchCount == MostBatches)
            {
                break;
            }
        }
    }

    private static Expression? FindPredicate(ParquetFooter footer)
    {
        ParquetField? field = footer.Schema.Fields.FirstOrDefault(field =>
            field is { Shape: FieldShape.Leaf, IsSupported: true } &&
            (field.Type.Kind is TypeKind.Integer or TypeKind.Long or TypeKind.Double or TypeKind.String) &&
            field.Name.Length > 0 && field.Name.All(char.IsAsciiLetterOrDigit));
        return field is null ? null : ExpressionAnalyzer.AnalyzeCondition(
            field.Type.Kind == TypeKind.String ? $"`{field.Name}` > 'b'" : $"`{field.Name}` > 5",
            DataType.Struct(new StructField(field.Name, field.Type)));
    }
}
