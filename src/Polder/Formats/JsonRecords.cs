using System;
using System.Buffers;
using System.IO;
using System.Text.Unicode;
using System.Threading;
using System.Threading.Tasks;

namespace Polder.Formats;

/// <summary>
/// Cuts a stream of JSON into the values of its rows: the elements of an array at the root, or the values that follow
/// each other. Only brackets and quotes are looked at; whether a value is sound JSON shows when it is parsed.
/// </summary>
internal sealed class JsonRecords : IAsyncDisposable
{
    private const int FirstCapacity = 64 * 1024;
    private const string TooLong = "the row is longer than Limits.TextRecordBytes";

    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> ScalarEnd = SearchValues.Create(",]} \t\r\n"u8);

    private readonly Stream _stream;
    private readonly FormatReadOptions _options;
    private byte[] _buffer = new byte[FirstCapacity];
    private int _start;
    private int _end;
    private int _recordLength;
    private bool _isAtEnd;
    private Place _place = Place.Start;
    private long _line = 1;
    private long _byteInLine = 1;

    public JsonRecords(Stream stream, FormatReadOptions options)
    {
        _stream = stream;
        _options = options;
    }

    private enum Place
    {
        Start,
        BetweenRoots,
        ArrayStart,
        BeforeElement,
        AfterElement,
        AfterArray,
    }

    /// <summary>The value of the current row; borrowed until the next one.</summary>
    public ReadOnlySpan<byte> Current => _buffer.AsSpan(_start, _recordLength);

    /// <summary>Where the current row begins.</summary>
    public InputPosition Position { get; private set; }

    /// <summary>Moves to the next row; false at the end.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        Consume(_recordLength);
        _recordLength = 0;
        while (!TryFindValue())
        {
            if (_isAtEnd)
            {
                CheckEnd();
                return false;
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        Position = new InputPosition(Position.RowNumber + 1, _line, _byteInLine);
        ValueScanner scanner = default;
        while (!scanner.TryFindEnd(_buffer.AsSpan(_start, _end - _start)))
        {
            if (_isAtEnd)
            {
                scanner.Length = _end - _start;
                break;
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        _recordLength = scanner.Length;
        if (_recordLength > _options.Limits.TextRecordBytes)
        {
            throw Fail(TooLong, Position);
        }

        _place = _place == Place.BetweenRoots ? Place.BetweenRoots : Place.AfterElement;
        return Utf8.IsValid(Current) ? true : throw Fail("the row is not UTF-8", Position);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <summary>Passes what stands between values; true where a value begins.</summary>
    private bool TryFindValue()
    {
        if (_place == Place.Start)
        {
            if (_end - _start < 3 && !_isAtEnd)
            {
                return false;
            }

            ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
            _start += _buffer.AsSpan(_start, _end - _start).StartsWith(byteOrderMark) ? 3 : 0;
            _place = Place.BetweenRoots;
            SkipBlanks();
            if (_start < _end && _buffer[_start] == '[')
            {
                Consume(1);
                _place = Place.ArrayStart;
            }
            else if (_start == _end && !_isAtEnd)
            {
                _place = Place.Start;
                return false;
            }
        }

        for (SkipBlanks(); _start < _end; SkipBlanks())
        {
            byte next = _buffer[_start];
            switch (_place)
            {
                case Place.ArrayStart or Place.AfterElement when next == ']':
                    _place = Place.AfterArray;
                    break;
                case Place.AfterElement when next == ',':
                    _place = Place.BeforeElement;
                    break;
                case Place.AfterElement:
                    throw Fail("expected ',' or ']' after a row", new InputPosition(0, _line, _byteInLine));
                case Place.AfterArray:
                    throw Fail("expected nothing after the array", new InputPosition(0, _line, _byteInLine));
                default:
                    return true;
            }

            Consume(1);
        }

        return false;
    }

    private void CheckEnd()
    {
        if (_place is Place.ArrayStart or Place.BeforeElement or Place.AfterElement)
        {
            InputPosition end = new(0, _line, _byteInLine);
            throw Fail("the array of rows is not closed: the input is cut off", end);
        }
    }

    private void SkipBlanks()
    {
        int blanks = _buffer.AsSpan(_start, _end - _start).IndexOfAnyExcept(" \t\r\n"u8);
        Consume(blanks < 0 ? _end - _start : blanks);
    }

    private void Consume(int count)
    {
        ReadOnlySpan<byte> consumed = _buffer.AsSpan(_start, count);
        int lastLineFeed = consumed.LastIndexOf((byte)'\n');
        if (lastLineFeed >= 0)
        {
            _line += consumed.Count((byte)'\n');
            _byteInLine = 1;
        }

        _byteInLine += count - (lastLineFeed + 1);
        _start += count;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        int held = _end - _start;
        if (_start > 0 && _end == _buffer.Length)
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
            (_start, _end) = (0, held);
        }

        if (held > _buffer.Length / 2)
        {
            if (held >= _options.Limits.TextRecordBytes)
            {
                throw Fail(TooLong, Position);
            }

            System.Array.Resize(ref _buffer, (int)long.Min(2L * _buffer.Length, System.Array.MaxLength));
        }

        int read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        _isAtEnd = read == 0;
    }

    private InputFormatException Fail(string detail, InputPosition position) => new(detail, _options.Path, position);

    /// <summary>Looks for the end of one value in ever more bytes, each looked at once.</summary>
    private struct ValueScanner
    {
        private int _depth;
        private bool _isInString;
        private bool _isEscaped;

        /// <summary>Bytes looked at; the length of the value once its end is found.</summary>
        public int Length { get; set; }

        public bool TryFindEnd(ReadOnlySpan<byte> value)
        {
            if (value[0] is not ((byte)'{' or (byte)'[' or (byte)'"'))
            {
                int end = value.IndexOfAny(ScalarEnd);
                Length = end < 0 ? value.Length : int.Max(1, end);
                return end >= 0;
            }

            while (Length < value.Length)
            {
                int found = _isEscaped ? 0
                    : _isInString ? value[Length..].IndexOfAny((byte)'"', (byte)'\\')
                    : value[Length..].IndexOfAny(Structure);
                if (found < 0)
                {
                    Length = value.Length;
                    return false;
                }

                Length += found + 1;
                Step(value[Length - 1]);
                if (_depth <= 0 && !_isInString && !_isEscaped)
                {
                    return true;
                }
            }

            return false;
        }

        private void Step(byte character)
        {
            if (_isInString)
            {
                _isInString = _isEscaped || character != '"';
                _isEscaped = !_isEscaped && character == '\\';
                return;
            }

            _isInString = character == '"';
            _depth += character switch
            {
                (byte)'{' or (byte)'[' => 1,
                (byte)'}' or (byte)']' => -1,
                _ => 0,
            };
        }
    }
}
