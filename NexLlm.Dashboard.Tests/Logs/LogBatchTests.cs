using NexLlm.Dashboard.Logs.Writing;
using NexLlm.Dashboard.Tests.TestKit;

namespace NexLlm.Dashboard.Tests.Logs;

/// <summary>Which requests have lines of their own.</summary>
public sealed class LogBatchTests
{
    private readonly LogBatch _batch = new(usual: 1);
    private long _sequence;

    [Fact]
    public void Of_the_refusals_of_a_minute_ten_have_lines_of_their_own_and_one_stands_for_the_others()
    {
        Refuse(25);

        Assert.Equal(11, _batch.ToTell().Count);
        Assert.Equal([.. Enumerable.Repeat(1L, 10), 15L], _batch.ToTell().Select(r => r.Requests));
    }

    [Fact]
    public void What_comes_in_later_batches_is_added_to_the_line_of_the_minute()
    {
        Refuse(12);
        var shared = _batch.ToTell()[^1];
        _batch.Clear();
        Refuse(5);

        var later = Assert.Single(_batch.ToTell());
        Assert.Equal((shared.Id, shared.RequestId, 2L), (later.Id, later.RequestId, shared.Requests));
        Assert.Equal(7, later.Requests);
    }

    [Fact]
    public void A_new_minute_has_ten_again()
    {
        Refuse(30);
        _batch.Clear();
        Refuse(12, minute: 1);

        Assert.Equal(11, _batch.ToTell().Count);
    }

    [Fact]
    public void Each_key_and_each_reason_has_its_own_ten()
    {
        Refuse(10);
        Refuse(10, key: 2);
        Refuse(10, code: "key_disabled");
        Refuse(10, key: null);

        Assert.Equal(40, _batch.ToTell().Count);
        Assert.All(_batch.ToTell(), row => Assert.Equal(1, row.Requests));
    }

    [Fact]
    public void What_was_charged_is_never_put_together_nor_is_an_answer()
    {
        Refuse(50, chargeId: 1);
        for (var i = 0; i < 50; i++)
        {
            _batch.Add(Line() with { Status = 200, Code = null });
        }

        Assert.Equal(100, _batch.ToTell().Count);
    }

    private void Refuse(int times, long? key = 1, string code = "key_expired", int minute = 0, long? chargeId = null)
    {
        for (var i = 0; i < times; i++)
        {
            _batch.Add(Line(minute) with { KeyId = key, Code = code, ChargeId = chargeId, Status = 401 });
        }
    }

    private LoggedRequest Line(int minute = 0)
    {
        var number = RequestNumber.FirstAt(NexLlmApp.Start.AddMinutes(minute)) + ++_sequence;
        return new LoggedRequest { Number = number, RequestId = RequestNumber.NewId(number), Status = 200 };
    }
}
